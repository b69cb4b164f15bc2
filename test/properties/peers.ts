// Random peers: mostly selectors and groups, some addresses, and every other kind of peer often enough to matter.

import fc from 'fast-check';
import type { Condition, Field, Group, Peer, TextTest } from '../../src/model/peer.ts';
import { oneIn, pick, weighted, weightedOf } from './arbitrary.ts';
import { addressSets } from './pools.ts';

const addressSet = pick(...addressSets);
const label = (key: string, test: TextTest): Condition => ({ op: 'label', key, test });
const equals = (value: string): TextTest => ({ op: 'equals', value });

const textTest: fc.Arbitrary<TextTest> = weighted<TextTest>(
  [4, pick('web', 'api', 'db', 'SHOP').map(equals)],
  [1, fc.constant({ op: 'in', values: ['api', 'shop', 'web-01'] })],
  [1, pick('*', 'w*', '?b', 'web-0?', '*-0[1]').map((pattern): TextTest => ({ op: 'like', pattern }))],
  [1, pick('web', 'd', '').map((value): TextTest => ({ op: 'starts', value }))],
  [1, pick('b', 'i', '1').map((value): TextTest => ({ op: 'ends', value }))],
  [1, pick('e', '-0', '.').map((value): TextTest => ({ op: 'contains', value }))],
  [1, pick('(web|api).*', '[wd]b?', '.*[02468]', 'w[0-4]').map((pattern): TextTest => ({ op: 'matches', pattern }))],
);

const field: fc.Arbitrary<Condition> = weighted<Condition>(
  [2, fc.record({ op: fc.constant('field' as const), field: pick<Field>('name', 'id', 'hostname'), test: textTest })],
  [
    3,
    pick<readonly [Field, string]>(
      ['os', 'linux'],
      ['namespace', 'blue'],
      ['host', 'h0'],
      ['site', 'east'],
      ['segment', 'seg1'],
      ['kind', 'vm'],
    ).map(([own, value]): Condition => ({ op: 'field', field: own, test: equals(value) })),
  ],
);

const simpleCondition: fc.Arbitrary<Condition> = weighted<Condition>(
  [4, pick('web', 'api', 'db').map((value) => label('tier', equals(value)))],
  [3, pick('shop', 'pay').map((value) => label('app', equals(value)))],
  [2, fc.record({ op: fc.constant('label' as const), key: pick('app', 'tier', 'ENV'), test: textTest })],
  [1, pick('env', 'none', 'APP').map((key): Condition => ({ op: 'has', key }))],
  [1, textTest.map((test): Condition => ({ op: 'any-label', test }))],
  [2, field],
  [2, addressSet.map((addresses): Condition => ({ op: 'address', addresses }))],
  [1, pick('a', 'b').map((team): Condition => ({ op: 'namespace', of: label('team', equals(team)) }))],
  [1, fc.constant<Condition>({ op: 'namespace', of: { op: 'not', of: { op: 'has', key: 'none' } } })],
);

const condition: fc.Arbitrary<Condition> = weighted<Condition>(
  [5, simpleCondition],
  [1, simpleCondition.map((of): Condition => ({ op: 'not', of }))],
  [
    2,
    fc.record({
      op: pick('and' as const, 'or' as const),
      of: fc.array(simpleCondition, { minLength: 2, maxLength: 3 }),
    }),
  ],
);

/** Workloads by condition, or every workload. */
export const selecting: fc.Arbitrary<Peer> = fc.record({
  kind: fc.constant('select' as const),
  kinds: weightedOf<readonly ('vm' | 'container')[] | null>([6, null], [1, ['vm', 'container']]),
  where: weighted<Condition | null>([6, condition], [1, fc.constant(null)]),
  span: fc.constant(null),
});

const addressPeer: fc.Arbitrary<Peer> = addressSet.map((addresses) => ({
  kind: 'addresses',
  addresses,
  name: null,
  span: null,
}));

const place: fc.Arbitrary<Peer> = pick<Peer>(
  { kind: 'segment', segment: 'seg0', span: null },
  { kind: 'segment', segment: 'seg1', span: null },
  { kind: 'site', site: 'east', span: null },
  { kind: 'workload', workload: 'w0', interface: null, span: null },
  { kind: 'workload', workload: 'w1', interface: 'eth0', span: null },
  { kind: 'workload', workload: 'w2', interface: 'eth1', span: null },
);
const host: fc.Arbitrary<Peer> = pick<Peer>({ kind: 'hosts' }, { kind: 'host', host: 'h0', span: null });
const outside: fc.Arbitrary<Peer> = pick<Peer>({ kind: 'internet' }, { kind: 'external' });
const doubtful: fc.Arbitrary<Peer> = pick<Peer>(
  { kind: 'fqdn', pattern: '*.example.org', span: null },
  { kind: 'opaque', text: 'identity group', reason: 'not in the inventory', span: null },
);

/** Nobody in any world. */
const empty: fc.Arbitrary<Peer> = pick<Peer>(
  { kind: 'nothing' },
  { kind: 'workload', workload: 'w99', interface: null, span: null },
  { kind: 'select', kinds: null, where: label('tier', equals('none')), span: null },
);

const groupIds = ['g0', 'g1', 'g2', 'g3', 'g4', 'g5'] as const;
const groupPeer = (ids: readonly string[]): fc.Arbitrary<Peer> =>
  pick(...ids).map((group) => ({ kind: 'group', group, span: null }));

/** Peers that speak of the groups given. `doubt`: whether some are of kinds that cannot be known. */
function peerOf(ids: readonly string[], doubt: boolean): fc.Arbitrary<Peer> {
  const narrow = weighted<Peer>(
    [10, selecting],
    ...(ids.length === 0 ? [] : ([[8, groupPeer(ids)]] as const)),
    [5, addressPeer],
    [3, place],
    [5, outside],
    [3, host],
    [1, fc.constant({ kind: 'nothing' })],
    ...(doubt ? ([[4, doubtful]] as const) : []),
  );
  const simple = weighted<Peer>([1, fc.constant({ kind: 'any' })], [1, narrow]);
  const several = fc.array(narrow, { minLength: 2, maxLength: 3 });
  return weighted<Peer>(
    [12, simple],
    [2, several.map((of): Peer => ({ kind: 'union', of }))],
    [1, several.map((of): Peer => ({ kind: 'intersect', of }))],
    [3, fc.tuple(simple, narrow).map(([of, except]): Peer => ({ kind: 'except', of, except }))],
    [3, narrow.map((of): Peer => ({ kind: 'negated', of }))],
    [1, empty.map((of): Peer => ({ kind: 'negated', of }))],
    [
      1,
      fc.tuple(simple, empty).map(([of, own]): Peer => ({ kind: 'except', of, except: { kind: 'negated', of: own } })),
    ],
  );
}

const plain = peerOf(groupIds, false);
const withDoubt = peerOf(groupIds, true);

export const peer = (doubt: boolean): fc.Arbitrary<Peer> => (doubt ? withDoubt : plain);

/** What may be written as an applied-to: no addresses on their own. */
export const scope: fc.Arbitrary<Peer> = weighted<Peer>(
  [6, selecting],
  [4, groupPeer(groupIds)],
  [2, place],
  [1, fc.constant({ kind: 'any' })],
  [1, fc.tuple(selecting, selecting).map(([of, except]): Peer => ({ kind: 'except', of, except }))],
  // A maybe at interfaces without a known address.
  [
    1,
    addressSet.map(
      (addresses): Peer => ({ kind: 'select', kinds: null, where: { op: 'address', addresses }, span: null }),
    ),
  ],
  [1, fc.tuple(selecting, groupPeer(groupIds)).map((of): Peer => ({ kind: 'union', of }))],
);

/** g0 and g1 select, g2 is addresses, g3 to g5 are made of those before them. */
export const groups: fc.Arbitrary<ReadonlyMap<string, Group>> = fc
  .tuple(
    selecting,
    selecting,
    addressPeer,
    groupPeer(['g0', 'g1', 'g2']),
    fc.tuple(groupPeer(['g0', 'g1', 'g3']), selecting, oneIn(2)),
    peerOf(['g0', 'g1', 'g2', 'g3', 'g4'], false),
  )
  .map(([g0, g1, g2, g3, [of, other, subtracts], g5]) => {
    const g4: Peer = subtracts ? { kind: 'except', of, except: other } : { kind: 'union', of: [of, other] };
    return new Map(
      [g0, g1, g2, g3, g4, g5].map((own, n) => [
        `g${n}`,
        { id: `g${n}`, name: `g${n}`, peer: own, doc: null, span: null },
      ]),
    );
  });
