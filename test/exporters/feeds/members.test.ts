// Who is listed: addresses of members, and on which side falls what nobody knows for certain.
import { describe, expect, it } from 'vitest';
import { makeQuestionNames } from '../../../src/bind/question/question-names.ts';
import { buildSnapshot } from '../../../src/engine/pipeline.ts';
import { bindParts } from '../../../src/exporters/feeds/bind-parts.ts';
import type { FeedSettings, FeedUse } from '../../../src/exporters/feeds/feed.ts';
import { listFeed } from '../../../src/exporters/feeds/list-feed.ts';
import { membershipFor } from '../../../src/exporters/feeds/members.ts';
import { toEntries } from '../../../src/exporters/feeds/render.ts';
import type { Layer } from '../../../src/model/layer.ts';
import { bindText } from '../../bind/bind-text.ts';
import { noon } from '../../kit/layers.ts';

const WORLD = `
label tier in { web, db }
addresses office = 203.0.113.0/24 except 203.0.113.77
group web = workloads where tier == web
group db = workloads where tier == db
group known = office, db
policy p in application priority 100 { allow a: web -> db on tcp/5432 }
segment net { subnet 10.10.1.1/24, 2001:db8::1/64 }
vm web-01 { nic net 10.10.1.11 2001:db8::11  labels tier=web }
vm web-02 { nic net 10.10.1.10  labels tier=web }
vm db-01 { nic net 10.10.1.21  labels tier=db }
`;
const TWIN = 'vm twin { nic net 10.10.1.21 space other }\n';
const COLD = 'vm db-02 { labels tier=db }\nvm db-10 { labels tier=db }\n';

const settings: FeedSettings = {
  id: 'f',
  description: '',
  use: 'allow',
  family: null,
  mayBeEmpty: false,
  maxEntries: null,
};

function list(of: string, { world = WORLD, use = 'allow' }: { readonly world?: string; readonly use?: FeedUse } = {}) {
  const { layer } = bindText(`language 1\n${world}`);
  const { evaluator } = buildSnapshot([layer], { at: noon }).snapshot;
  const bound = bindParts([{ name: null, description: '', of }], [layer], makeQuestionNames([layer]));
  expect(bound.diagnostics).toEqual([]);
  const { parts, diagnostics } = listFeed({ ...settings, use }, bound.parts, evaluator.membership);
  return {
    name: parts[0]?.name,
    entries: parts.flatMap(({ addresses }) => toEntries(addresses)),
    said: diagnostics.map(({ severity, code, message }) => `${severity} ${code}: ${message}`),
    isKnown: membershipFor(evaluator.membership, bound.parts) === evaluator.membership,
  };
}

describe('members', () => {
  it.each([
    ['web', ['10.10.1.10/31', '2001:db8::11']],
    ['db', ['10.10.1.21']],
    ['web-01', ['10.10.1.11', '2001:db8::11']],
    ['known', ['10.10.1.21', '203.0.113.0/26', '203.0.113.64/29', '203.0.113.72/30', '203.0.113.76']],
    ['10.9.8.7', ['10.9.8.7']],
    // Of addresses that no policy names, and that machines have in part.
    ['addresses 10.10.1.0/24', ['10.10.1.0/24']],
    ['addresses 10.10.1.0/28 except (addresses 10.10.1.0/29)', ['10.10.1.8/29']],
    ['web except (addresses 10.10.1.11)', ['10.10.1.10', '2001:db8::11']],
    ['web or db', ['10.10.1.10/31', '10.10.1.21', '2001:db8::11']],
  ])('of `%s` are listed', (of, entries) => {
    const listed = list(of);
    expect(listed.entries.slice(0, entries.length)).toEqual(entries);
    expect(listed.said).toEqual([]);
    if (of !== 'known') expect(listed.entries).toHaveLength(entries.length);
  });

  it('are named by their group, however it is written', () => {
    expect([list('db').name, list('group/db').name, list('web or db').name]).toEqual(['db', 'db', 'web or db']);
  });

  it('need a membership of their own only for borders that no policy draws', () => {
    expect([list('known').isKnown, list('addresses 203.0.113.0/24').isKnown]).toEqual([true, true]);
    expect(list('addresses 203.0.113.0/25').isKnown).toBe(false);
  });

  it('are no service address', () => {
    const { layer } = bindText(`language 1\n${WORLD}`);
    const withAddress: Layer = {
      ...layer,
      world: {
        ...layer.world,
        serviceAddresses: [
          { id: 'vip', namespace: null, addresses: [], backends: { kind: 'nothing' }, ports: [], span: null },
        ],
      },
    };
    const { parts, diagnostics } = bindParts(
      [{ name: null, description: '', of: 'vip' }],
      [withAddress],
      makeQuestionNames([withAddress]),
    );
    expect([parts, diagnostics.map(({ code }) => code)]).toEqual([[], ['check/wrong-kind']]);
  });
});

describe('an address of a member and of somebody else', () => {
  it('is left out where the list allows', () => {
    expect(list('db', { world: WORLD + TWIN })).toMatchObject({
      entries: [],
      said: ['warning feed/in-doubt: addresses that are only perhaps of `db` are left out: 10.10.1.21'],
    });
  });

  it('is listed where the list denies', () => {
    expect(list('db', { world: WORLD + TWIN, use: 'deny' })).toMatchObject({
      entries: ['10.10.1.21'],
      said: ['warning feed/in-doubt: addresses that are only perhaps of `db` are listed: 10.10.1.21'],
    });
  });

  it('is in no doubt where both are members', () => {
    expect(list('workloads', { world: WORLD + TWIN })).toMatchObject({
      entries: ['10.10.1.10/31', '10.10.1.21', '2001:db8::11'],
      said: [],
    });
  });
});

describe('a domain name', () => {
  it('is left out where the list allows, and said', () => {
    const listed = list('db or (fqdn "*.example.org")');
    expect(listed.entries).toEqual(['10.10.1.21']);
    expect(listed.said).toEqual([expect.stringMatching(/^warning feed\/in-doubt: .* are left out: 0\.0\.0\.0-/)]);
  });

  it('refuses a list that denies: it might be any address', () => {
    const { said } = list('db or (fqdn "*.example.org")', { use: 'deny' });
    expect(said).toEqual([expect.stringMatching(/^error feed\/unbounded: nobody knows which addresses outside/)]);
  });
});

describe('a member of unknown address', () => {
  it.each(['allow', 'deny'] as const)('is said where the list is to %s, and the others are listed', (use) => {
    expect(list('db', { world: WORLD + COLD, use })).toMatchObject({
      entries: ['10.10.1.21'],
      said: ['warning feed/unknown-address: 2 members of `db` have no known address: `db-02`, `db-10`'],
    });
  });

  it('is not missed where its address would be listed whatever it is', () => {
    expect(list('addresses 10.10.1.0/24', { world: WORLD + COLD })).toMatchObject({
      entries: ['10.10.1.0/24'],
      said: [],
    });
  });
});
