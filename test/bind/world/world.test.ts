// World statements: what they are bound to, and what is refused in each and in all of them together.

import { describe, expect, it } from 'vitest';
import { formatAddress } from '../../../src/net/address.ts';
import { formatAddressSet } from '../../../src/net/address-set.ts';
import { bindText } from '../bind-text.ts';

describe('a world', () => {
  const text = `site dc-east : on-prem { tep-subnet 172.16.10.0/24  domain east }
site aws-west : cloud { provider aws  region "us-west-2" }
tunnel dc-east <-> aws-west { kind ipsec }
tier0 t0 in dc-east { uplink 192.0.2.1/30 }
tier1 t1-shop { connects t0  advertises connected }
segment web-net stretched dc-east, aws-west { vni 5001  subnet 10.10.1.1/24  subnet 2001:db8:1::1/64  on t1-shop }
segment old-net in dc-east { vlan 20  space legacy  labels zone=old }
host esx-1 in dc-east { tep 172.16.10.11  address 10.0.0.11  mtu 9000  labels rack=r1 }
host node-a in aws-west { kind container-host }
namespace shop { labels team=web }
vm web-01 on esx-1 in dc-east {
  nic web-net 10.10.1.11, 2001:db8:1::11 mac 00:50:56:AA:00:01
  nic old-net 10.20.0.11 name back
  labels app=shop tier=web role=a, role=b
  display-name "Web one"  os "Linux 6"  hostname web-01.example.org
  external-id "5021-aa"  port "http" tcp/8080
}
container api-1 on node-a { nic web-net  namespace shop  owner Deployment api }
bare-metal db-01 { nic 10.30.0.1 space lab }
pod-vm p { }
instance i
service-address front { address 10.96.0.10  namespace shop  backends (workloads where app == shop)  map tcp/80 -> 8080  map tcp/443 -> "https" }
host-alias kube-proxy on node-a
host-alias adrift
`;
  const root = bindText(text);
  const { world } = root.layer;

  it('binds without a word', () => {
    expect(root.found).toEqual([]);
  });

  it('has its sites, tunnels, routers and segments', () => {
    expect(world.sites).toMatchObject([
      { id: 'dc-east', kind: 'on-prem', domain: 'east', provider: null },
      { id: 'aws-west', kind: 'cloud', provider: 'aws', region: 'us-west-2' },
    ]);
    expect(world.sites[0]?.tepSubnets.map(formatAddressSet)).toEqual(['172.16.10.0/24']);
    expect(world.tunnels).toMatchObject([{ from: 'dc-east', to: 'aws-west', kind: 'ipsec' }]);
    expect(world.routers).toMatchObject([
      { id: 't0', kind: 'tier0', sites: ['dc-east'], connects: null, uplinks: [{ prefixLength: 30 }] },
      { id: 't1-shop', kind: 'tier1', connects: 't0', advertises: ['connected'] },
    ]);
    expect(world.segments).toMatchObject([
      { id: 'web-net', vni: 5001, vlan: null, sites: ['dc-east', 'aws-west'], router: 't1-shop', space: null },
      { id: 'old-net', vni: null, vlan: 20, sites: ['dc-east'], router: null, space: 'legacy' },
    ]);
    expect(
      world.segments[0]?.subnets.map((subnet) => [formatAddress(subnet.gateway), formatAddressSet(subnet.network)]),
    ).toEqual([
      ['10.10.1.1', '10.10.1.0/24'],
      ['2001:db8:1::1', '2001:db8:1::/64'],
    ]);
  });

  it('has its hosts, namespaces, service addresses and aliases', () => {
    expect(world.hosts).toMatchObject([
      { id: 'esx-1', kind: 'hypervisor', site: 'dc-east', mtu: 9000 },
      { id: 'node-a', kind: 'container-host', site: 'aws-west', mtu: null },
    ]);
    expect(world.hosts[0]?.teps.map(formatAddress)).toEqual(['172.16.10.11']);
    expect(world.namespaces).toMatchObject([{ id: 'shop' }]);
    expect(world.serviceAddresses).toMatchObject([
      {
        id: 'front',
        namespace: 'shop',
        backends: { kind: 'select' },
        ports: [
          { protocol: 'tcp', port: 80, target: 8080 },
          { protocol: 'tcp', port: 443, target: 'https' },
        ],
      },
    ]);
    expect(world.hostAliases).toMatchObject([
      { id: 'kube-proxy', host: 'node-a' },
      { id: 'adrift', host: null },
    ]);
  });

  it('has its workloads with interfaces, labels and names', () => {
    expect(world.workloads.map((workload) => [workload.id, workload.kind, workload.host])).toEqual([
      ['web-01', 'vm', 'esx-1'],
      ['api-1', 'container', 'node-a'],
      ['db-01', 'bare-metal', null],
      ['p', 'pod-vm', null],
      ['i', 'instance', null],
    ]);
    const [web, api, db] = world.workloads;
    expect(web).toMatchObject({
      name: 'Web one',
      os: 'Linux 6',
      hostname: 'web-01.example.org',
      site: 'dc-east',
      externalIds: ['5021-aa'],
      ports: [{ name: 'http', protocol: 'tcp', port: 8080 }],
    });
    expect([...(web?.labels ?? [])]).toEqual([
      ['app', ['shop']],
      ['tier', ['web']],
      ['role', ['a', 'b']],
    ]);
    expect(
      web?.interfaces.map((face) => [face.name, face.segment, face.addresses.map(formatAddress), face.mac]),
    ).toEqual([
      ['eth0', 'web-net', ['10.10.1.11', '2001:db8:1::11'], '00:50:56:aa:00:01'],
      ['back', 'old-net', ['10.20.0.11'], null],
    ]);
    expect(api).toMatchObject({
      namespace: 'shop',
      owner: { kind: 'Deployment', name: 'api' },
      interfaces: [{ addresses: [] }],
    });
    expect(db?.interfaces[0]).toMatchObject({ segment: null, space: 'lab' });
  });

  it('keeps where things stand', () => {
    const web = world.workloads[0];
    expect(root.at(web?.span ?? null)).toBe('vm web-01');
    expect(root.at(web?.interfaces[1]?.span ?? null)).toBe('nic old-net 10.20.0.11 name back');
    expect(root.at(root.spans.of(web ?? {}, 'label role=b'))).toBe('b');
  });
});

describe('a statement is refused', () => {
  it.each([
    ['vm a { nick web-net }', 'world/unknown-property «nick»', 'did you mean `nic`?'],
    ['segment s { subnets 10.0.0.1/24 }', 'world/unknown-property «subnets»', 'did you mean `subnet`?'],
    ['host-alias h { kind edge }', 'world/unknown-property «kind»', 'a host-alias has no properties'],
    ['segment s { vni 1\nvni 2 }', 'world/duplicate-property «vni»', null],
    ['segment s { vni 99999999 }', 'world/invalid-property «vni 99999999»', null],
    ['segment s { subnet 10.0.0.1 }', 'check/invalid-address «10.0.0.1»', 'for example `10.0.0.1/24`'],
    ['segment s { vlan 4095 }', 'world/invalid-property «vlan 4095»', null],
    ['site a : on-prem\nsite b : cloud\nsegment s in a, b', 'world/invalid-property «b»', null],
    ['segment s on h', 'world/invalid-property «h»', null],
    ['site a', 'world/invalid-property «site a»', null],
    ['site a : onprem', 'world/invalid-property «onprem»', 'did you mean `on-prem`?'],
    ['host h { kind hypervizor }', 'world/invalid-property «hypervizor»', 'did you mean `hypervisor`?'],
    ['host h { mtu 100 }', 'world/invalid-property «mtu 100»', null],
    ['host h { tep nowhere }', 'world/invalid-property «nowhere»', null],
    [
      'vm a { nic 10.0.0.1/24 }',
      'check/invalid-address «10.0.0.1/24»',
      "write `10.0.0.1`; the length of the prefix is the segment's",
    ],
    ['vm a { nic 10.0.0.256 }', 'check/invalid-address «10.0.0.256»', null],
    ['vm a { nic 10.0.0.1 mac 00:50:56 }', 'world/invalid-property «00:50:56»', null],
    ['segment s\nvm a { nic 10.0.0.1 s }', 'world/invalid-property «s»', null],
    ['vm a { space x }', 'world/invalid-property «space x»', null],
    ['vm a { owner x }', 'world/invalid-property «owner x»', null],
    ['vm a { port "http" tcp/80-81 }', 'world/invalid-property «port "http" tcp/80-81»', null],
    ['vm a { os }', 'world/invalid-property «os»', null],
    ['service-address s { address 10.0.0.1 }', 'world/invalid-property «service-address s»', null],
    ['service-address s { backends nobody }', 'check/unknown-group «nobody»', undefined],
    ['service-address s { backends workloads\nmap tcp/80 -> 99999 }', 'world/invalid-property «99999»', null],
    ['tier0 t { uplink 192.0.2.1 }', 'check/invalid-address «192.0.2.1»', undefined],
    ['site a : on-prem { tep-subnet 10.0.0.1/24 }', 'check/invalid-address «10.0.0.1/24»', undefined],
  ])('%s', (text, found, help) => {
    const root = bindText(text);
    expect(root.found).toEqual([found]);
    if (help !== undefined) expect(root.diagnostics[0]?.help).toBe(help);
  });
});

describe('a whole world is refused', () => {
  it.each([
    ['vm a on h {}', 'world/unknown-reference «h»', 'declare it: `host h`'],
    ['host esx-1\nvm a on esx-2 {}', 'world/unknown-reference «esx-2»', 'did you mean `esx-1`?'],
    ['site east : cloud\nvm a in esat {}', 'world/unknown-reference «esat»', 'did you mean `east`?'],
    ['site east : cloud\nhost h in esat', 'world/unknown-reference «esat»', 'did you mean `east`?'],
    ['site east : cloud\nsegment s in esat', 'world/unknown-reference «esat»', 'did you mean `east`?'],
    ['segment web-net\nvm a { nic web-ent }', 'world/unknown-reference «nic web-ent»', 'did you mean `web-net`?'],
    ['tier1 t1 {}\nsegment s { on tl }', 'world/unknown-reference «tl»', 'declare it: `tier1 tl`'],
    ['tier0 t0 {}\ntier1 t1 { connects t2 }', 'world/unknown-reference «t2»', 'declare it: `tier1 t2`'],
    ['site a : cloud\ntunnel a <-> b', 'world/unknown-reference «b»', 'declare it: `site b`'],
    ['host-alias p on h', 'world/unknown-reference «h»', 'declare it: `host h`'],
    ['namespace shop\ncontainer a { namespace shpo }', 'world/unknown-namespace «shpo»', 'did you mean `shop`?'],
    ['vm a {}\nvm a {}', 'world/duplicate-id «a»', null],
    ['vm a {}\nhost-alias a', 'world/duplicate-id «a»', null],
    ['site a : cloud\nsite a : cloud', 'world/duplicate-id «a»', null],
    ['vm a { nic 10.0.0.1\nnic 10.0.0.2 name eth0 }', 'world/duplicate-interface «nic 10.0.0.2 name eth0»', undefined],
    [
      'vm a { nic mac 00:50:56:00:00:01 }\nvm b { nic mac 00:50:56:00:00:01 }',
      'world/duplicate-mac «00:50:56:00:00:01»',
      null,
    ],
    [
      'segment s { subnet 10.0.1.1/24 }\nvm a { nic s 10.0.1.9, 10.0.2.9 }',
      'world/address-outside-segment «10.0.2.9»',
      undefined,
    ],
    [
      'segment s { subnet 10.0.1.1/24 }\nvm a { nic s 2001:db8::1 }',
      'world/address-outside-segment «2001:db8::1»',
      undefined,
    ],
    ['vm a { nic 10.0.0.1 }\nvm b { nic 10.0.0.1 }', 'world/duplicate-address «10.0.0.1»', undefined],
    ['vm a { nic 2001:db8::1 }\nvm b { nic 2001:DB8:0::1 }', 'world/duplicate-address «2001:DB8:0::1»', undefined],
    ['host h { address 10.0.0.1 }\nvm b { nic 10.0.0.1 }', 'world/duplicate-address «10.0.0.1»', undefined],
    [
      'tier1 t {}\nsegment s { subnet 10.0.1.1/24  on t }\nvm b { nic s 10.0.1.1 }',
      'world/duplicate-address «10.0.1.1»',
      undefined,
    ],
    [
      'segment s { subnet 10.0.0.1/16 }\nsegment t { subnet 10.0.3.1/24 }',
      'world/overlapping-subnets «10.0.3.1/24»',
      undefined,
    ],
    ['label env in { a, b }\nvm x { labels env=c }', 'world/label-value «c»', null],
    ['label env in { a, b }\nvm x { labels env=a, env=b }', 'world/several-values «b»', undefined],
    ['label env in { a, b }\nsegment x { labels evn=a }', 'world/unknown-label «evn»', 'did you mean `env`?'],
    ['label env single\nvm x { labels env=a, env=b }', 'world/several-values «b»', undefined],
  ])('%s', (text, found, help) => {
    const root = bindText(text);
    expect(root.found).toEqual([found]);
    if (help !== undefined) expect(root.diagnostics[0]?.help).toBe(help);
  });

  it.each([
    ['vm a { nic 10.0.0.1 }\nvm b { nic 10.0.0.1 space lab }'],
    ['segment s { space x }\nvm a { nic s 10.0.0.1 }\nvm b { nic 10.0.0.1 }'],
    ['segment s { subnet 10.0.1.1/24 }\nvm gateway { nic s 10.0.1.1 }'],
    ['segment s { subnet 10.0.0.1/16 }\nsegment t { subnet 10.0.3.1/24  space x }'],
    ['segment s\nvm a { nic s 10.0.0.1 }'],
    ['label env in { a, b } several\nvm x { labels env=a, env=b }'],
    ['label env\nvm x { labels env=a, env=b }'],
    ['vm x { labels anything=goes }'],
    ['vm a {}\nhost a\nsegment a\ngroup a = vms'],
  ])('unless there is a reason: %s', (text) => {
    expect(bindText(text).found).toEqual([]);
  });

  it('with both owners and both places of an address', () => {
    const root = bindText('vm a { nic 10.0.0.1 }\nvm b { nic 10.0.0.1 }\nvm c { nic 10.0.0.1 }');
    expect(root.diagnostics.map((d) => d.message)).toEqual([
      '`a` and `b` both have `10.0.0.1`',
      '`a` and `c` both have `10.0.0.1`',
    ]);
    expect(root.diagnostics[0]?.notes[0]?.message).toBe('`a` has it here');
    expect(root.diagnostics[0]?.notes[0]?.span?.start).toBe(11);
  });

  it('only for what neither it nor a layer beside it has', () => {
    const beside = [bindText('host esx-1\nsegment web-net { subnet 10.0.0.1/24 }').layer];
    expect(bindText('vm a on esx-1 { nic web-net 10.0.0.9 }', { beside }).found).toEqual([]);
  });
});

it('an address given twice to one interface is one address; given to two, it is refused', () => {
  expect(bindText('vm a { nic 10.0.0.1, 10.0.0.1 }').found).toEqual([]);
  const root = bindText('vm a { nic 10.0.0.1\nnic 10.0.0.1 }');
  expect(root.diagnostics.map((d) => d.message)).toEqual(['two interfaces of `a` both have `10.0.0.1`']);
});
