// Peers and conditions: what each form is bound to, and what is refused.

import { describe, expect, it } from 'vitest';
import type { Peer } from '../../../src/model/peer.ts';
import { formatAddressSet } from '../../../src/net/address-set.ts';
import { bindText } from '../bind-text.ts';

const labels = `label app
label tier in { web, api, db }
label env in { prod, dev }
`;
const world = `segment web-net { subnet 10.10.1.1/24 }
site dc-east : on-prem
host esx-1 in dc-east
vm web-01 on esx-1 { nic web-net 10.10.1.11  labels tier=web }
vm web-02 { nic web-net 10.10.1.12 name admin }
`;

function bindPeer(peer: string, more = labels + world) {
  const root = bindText(
    `${more}addresses corp = 10.0.0.0/8 except 10.99.0.0/16\ngroup web = vms where tier == web\ngroup probe = ${peer}`,
  );
  return { root, peer: root.layer.groups.get('probe')?.peer as Peer };
}

/** Without the places. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, part) => (key === 'span' ? undefined : typeof part === 'bigint' ? String(part) : part)),
  );
}

describe('a peer is bound to', () => {
  it.each([
    ['any', { kind: 'any' }],
    ['internet', { kind: 'internet' }],
    ['external', { kind: 'external' }],
    ['hosts', { kind: 'hosts' }],
    ['nothing', { kind: 'nothing' }],
    ['web', { kind: 'group', group: 'web' }],
    ['web-01', { kind: 'workload', workload: 'web-01', interface: null }],
    ['web-02/admin', { kind: 'workload', workload: 'web-02', interface: 'admin' }],
    ['workload web-01/eth0', { kind: 'workload', workload: 'web-01', interface: 'eth0' }],
    ['segment web-net', { kind: 'segment', segment: 'web-net' }],
    ['site dc-east', { kind: 'site', site: 'dc-east' }],
    ['host esx-1', { kind: 'host', host: 'esx-1' }],
    ['fqdn "*.example.org"', { kind: 'fqdn', pattern: '*.example.org' }],
    ['workloads', { kind: 'select', kinds: null, where: null }],
    ['pods', { kind: 'select', kinds: ['container', 'pod-vm'], where: null }],
    ['bare-metals', { kind: 'select', kinds: ['bare-metal'], where: null }],
    ['web or internet', { kind: 'union', of: [{ kind: 'group', group: 'web' }, { kind: 'internet' }] }],
    [
      'web and vms',
      {
        kind: 'intersect',
        of: [
          { kind: 'group', group: 'web' },
          { kind: 'select', kinds: ['vm'], where: null },
        ],
      },
    ],
    [
      'web except web-01',
      {
        kind: 'except',
        of: { kind: 'group', group: 'web' },
        except: { kind: 'workload', workload: 'web-01', interface: null },
      },
    ],
    ['not (web)', { kind: 'negated', of: { kind: 'group', group: 'web' } }],
    ['opaque "x" because "y"', { kind: 'opaque', text: 'x', reason: 'y' }],
  ])('%s', (text, meaning) => {
    const { root, peer } = bindPeer(text);
    expect(root.found).toEqual([]);
    expect(plain(peer)).toEqual(meaning);
  });

  it('addresses, with names of sets among them', () => {
    const { root, peer } = bindPeer('addresses (corp, 192.0.2.1, 2001:db8::/48)');
    expect(root.found).toEqual([]);
    expect(peer.kind === 'addresses' && formatAddressSet(peer.addresses)).toBe(
      '10.0.0.0-10.98.255.255, 10.100.0.0-10.255.255.255, 192.0.2.1, 2001:db8::/48',
    );
    expect(bindPeer('addresses corp').peer).toMatchObject({ name: 'corp' });
    expect(bindPeer('corp').peer).toMatchObject({ kind: 'addresses', name: 'corp' });
  });

  it('a group before a workload of the same name', () => {
    const { root, peer } = bindPeer('web', `${labels}vm web {}\n`);
    expect(root.found).toEqual([]);
    expect(peer).toMatchObject({ kind: 'group', group: 'web' });
  });

  it('a workload of a layer beside the root', () => {
    const beside = [bindText('vm "shop/front-end" { nic 10.0.0.1 }').layer];
    const root = bindText('group front = "shop/front-end"\ngroup back = workload "shop/back-end"', { beside });
    expect(root.found).toEqual(['check/unknown-in-world «"shop/back-end"»']);
    expect(root.layer.groups.get('front')?.peer).toMatchObject({ kind: 'workload', workload: 'shop/front-end' });
  });

  it('what is written, where nothing of its kind is loaded', () => {
    const root = bindText('group a = workload web-99 or segment s or site t or host h');
    expect(root.found).toEqual([]);
  });
});

describe('a condition is bound to', () => {
  const label = (key: string, test: object) => ({ op: 'label', key, test });
  const field = (name: string, test: object) => ({ op: 'field', field: name, test });
  it.each([
    ['tier == web', label('tier', { op: 'equals', value: 'web' })],
    ['tier != web', { op: 'not', of: label('tier', { op: 'equals', value: 'web' }) }],
    ['tier in { web, api }', label('tier', { op: 'in', values: ['web', 'api'] })],
    ['tier not in { web }', { op: 'not', of: label('tier', { op: 'in', values: ['web'] }) }],
    ['has tier', { op: 'has', key: 'tier' }],
    ['tier like "w*"', label('tier', { op: 'like', pattern: 'w*' })],
    ['name starts "pay-"', field('name', { op: 'starts', value: 'pay-' })],
    ['os ends "-22"', field('os', { op: 'ends', value: '-22' })],
    ['hostname contains "x"', field('hostname', { op: 'contains', value: 'x' })],
    ['name matches "web-[0-9]+"', field('name', { op: 'matches', pattern: 'web-[0-9]+' })],
    ['kind == pod-vm', field('kind', { op: 'equals', value: 'pod-vm' })],
    ['segment == web-net', field('segment', { op: 'equals', value: 'web-net' })],
    ['any-scope == web', { op: 'any-label', test: { op: 'equals', value: 'web' } }],
    [
      'tier == web and env == prod',
      { op: 'and', of: [label('tier', { op: 'equals', value: 'web' }), label('env', { op: 'equals', value: 'prod' })] },
    ],
    ['not tier == web', { op: 'not', of: label('tier', { op: 'equals', value: 'web' }) }],
  ])('%s', (text, meaning) => {
    const { root, peer } = bindPeer(`vms where ${text}`);
    expect(root.found).toEqual([]);
    expect(plain(peer)).toEqual({ kind: 'select', kinds: ['vm'], where: meaning });
  });

  it('addresses', () => {
    const { root, peer } = bindPeer('vms where address in { corp, 192.0.2.1 }');
    expect(root.found).toEqual([]);
    expect(peer).toMatchObject({ where: { op: 'address' } });
    expect(bindPeer('vms where address != 192.0.2.1').peer).toMatchObject({
      where: { op: 'not', of: { op: 'address' } },
    });
  });

  it('a label where the key is quoted, even under the name of a field', () => {
    const { root, peer } = bindPeer('vms where "name" == carts', `${labels}label "name"\n`);
    expect(root.found).toEqual([]);
    expect(plain(peer)).toMatchObject({ where: label('name', { op: 'equals', value: 'carts' }) });
  });

  it('namespaces beside workloads', () => {
    const { root, peer } = bindPeer('pods where tier == web in namespaces where env == prod and name == shop');
    expect(root.found).toEqual([]);
    expect(plain(peer)).toMatchObject({
      where: {
        op: 'and',
        of: [
          label('tier', { op: 'equals', value: 'web' }),
          {
            op: 'namespace',
            of: {
              op: 'and',
              of: [label('env', { op: 'equals', value: 'prod' }), field('name', { op: 'equals', value: 'shop' })],
            },
          },
        ],
      },
    });
  });

  it('any label at all, where the root declares none', () => {
    expect(bindPeer('vms where whatever == 1-2-3 and has "app.kubernetes.io/name"', '').root.found).toEqual([]);
  });
});

describe('refused', () => {
  it.each([
    ['webs', 'check/unknown-group «webs»', 'did you mean `web`?'],
    ['web-03', 'check/unknown-group «web-03»', 'did you mean `web-01`?'],
    ['corp/eth0', 'check/wrong-kind «corp/eth0»', null],
    ['web/eth0', 'check/wrong-kind «web/eth0»', null],
    ['web-01/eth9', 'check/unknown-interface «eth9»', 'did you mean `eth0`?'],
    ['workload web-09', 'check/unknown-in-world «web-09»', 'did you mean `web-01`?'],
    ['segment web-ent', 'check/unknown-in-world «web-ent»', 'did you mean `web-net`?'],
    ['site dc-west', 'check/unknown-in-world «dc-west»', 'did you mean `dc-east`?'],
    ['host esx-9', 'check/unknown-in-world «esx-9»', 'did you mean `esx-1`?'],
    ['fqdn "a..b"', 'check/invalid-fqdn «"a..b"»', undefined],
    ['addresses 10.0.0.300', 'check/invalid-address «10.0.0.300»', undefined],
    ['addresses 10.0.0.1/24', 'check/invalid-address «10.0.0.1/24»', undefined],
    ['addresses web', 'check/wrong-kind «web»', undefined],
    ['addresses cop', 'check/unknown-address-set «cop»', 'did you mean `corp`?'],
    ['vms where teir == web', 'check/unknown-label-key «teir»', 'did you mean `tier`?'],
    ['vms where has teir', 'check/unknown-label-key «teir»', 'did you mean `tier`?'],
    ['vms where tier == wbe', 'check/unknown-label-value «wbe»', 'did you mean `web`?'],
    ['vms where tier in { web, dbx, api }', 'check/unknown-label-value «dbx»', 'its values are `web`, `api`, `db`'],
    ['vms where tier like "x*"', 'check/unknown-label-value «"x*"»', 'its values are `web`, `api`, `db`'],
    ['vms where kind == vms', 'check/unknown-kind «vms»', undefined],
    ['vms where name matches "a("', 'check/invalid-pattern «"a("»', undefined],
    ['pods in namespaces where os == x', 'check/wrong-kind «os»', undefined],
    ['pods in namespaces where address in 10.0.0.0/8', 'check/wrong-kind «address in 10.0.0.0/8»', undefined],
  ])('%s', (text, found, help) => {
    const { root } = bindPeer(text);
    expect(root.found).toEqual([found]);
    if (help !== undefined) expect(root.diagnostics[0]?.help).toBe(help);
  });

  it('without case, in a dialect that compares labels without it', () => {
    expect(bindText(`dialect nsx\n${labels}group a = vms where tier == WEB\nvm x { labels tier=Web }`).found).toEqual(
      [],
    );
    expect(bindText(`${labels}group a = vms where tier == WEB`).found).toEqual(['check/unknown-label-value «WEB»']);
  });
});
