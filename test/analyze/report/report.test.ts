// The numbers of a report, against counting pair by pair on random worlds, and by hand on small ones.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reach } from '../../../src/analyze/reach/reach.ts';
import { findBlastRadius } from '../../../src/analyze/report/blast-radius.ts';
import { findDefaults } from '../../../src/analyze/report/defaults.ts';
import { findExposure, internetNodes } from '../../../src/analyze/report/exposure.ts';
import { measureIsolation } from '../../../src/analyze/report/isolation.ts';
import { countedServices, kindsOf } from '../../../src/analyze/report/kinds.ts';
import type { Evaluator } from '../../../src/evaluate/evaluator.ts';
import { tracePair } from '../../../src/evaluate/trace.ts';
import type { Node } from '../../../src/graph/universe.ts';
import { NO_ADDRESSES, toRanges } from '../../../src/net/address-set.ts';
import {
  coversServices,
  intersectServices,
  isNoServices,
  NO_SERVICES,
  type ServiceSet,
  unionServices,
} from '../../../src/net/services.ts';
import { evaluatorOf } from '../../kit/ask.ts';
import {
  addresses,
  any,
  face,
  label,
  labels,
  layer,
  opaque,
  policy,
  rule,
  tcp,
  tier,
  vm,
  where,
} from '../../kit/layers.ts';
import { closed } from '../../properties/claims.ts';
import { now } from '../../properties/pools.ts';
import { worlds } from '../../properties/worlds.ts';

const SEED = 11;
const WORLDS = 12;
const drawn = fc.sample(worlds.map(closed), { seed: SEED, numRuns: WORLDS }).map((layers) => evaluatorOf(layers, now));

interface Pair {
  readonly allow: ServiceSet;
  readonly unknown: ServiceSet;
}

/** What the explained walk says, node by node; null: the pair does not meet. */
function between(evaluator: Evaluator, sources: readonly number[], destinations: readonly number[]): Pair | null {
  const { universe, lookup } = evaluator;
  const counted = countedServices(evaluator);
  let found: Pair | null = null;
  for (const a of sources) {
    for (const b of destinations) {
      if ((universe.nodes[a] as Node).family !== (universe.nodes[b] as Node).family) continue;
      const { outcome } = tracePair(lookup, a, b, counted, () => false);
      found ??= { allow: NO_SERVICES, unknown: NO_SERVICES };
      found = {
        allow: unionServices(found.allow, outcome.allow),
        unknown: unionServices(found.unknown, outcome.unknown),
      };
    }
  }
  return found;
}

function workloadsOf({ universe }: Evaluator): readonly number[] {
  return universe.world.endpoints.flatMap(({ kind }, index) => (kind === 'workload' ? [index] : []));
}

const nodesOf = ({ universe }: Evaluator, endpoint: number): readonly number[] =>
  universe.nodesOf[endpoint] as readonly number[];

describe('in random worlds', () => {
  it('pairs are counted as one by one', () => {
    const seen = { nothing: 0, unknown: 0, something: 0, everything: 0 };
    for (const evaluator of drawn) {
      const pairs = { nothing: 0, unknown: 0, something: 0, everything: 0 };
      let doubtful = 0;
      const counted = countedServices(evaluator);
      for (const a of workloadsOf(evaluator)) {
        for (const b of workloadsOf(evaluator)) {
          const pair = a === b ? null : between(evaluator, nodesOf(evaluator, a), nodesOf(evaluator, b));
          if (pair === null) continue;
          const { allow, unknown } = pair;
          if (!isNoServices(unknown)) doubtful++;
          if (isNoServices(allow)) pairs[isNoServices(unknown) ? 'nothing' : 'unknown']++;
          else pairs[everyPairAllows(evaluator, a, b, counted) ? 'everything' : 'something']++;
        }
      }
      const found = measureIsolation(evaluator, kindsOf(evaluator));
      expect(found.pairs).toEqual(pairs);
      expect(found.doubtful).toBe(doubtful);
      for (const { example } of found.doubts) expect(example.decision.verdict).toBe('unknown');
      for (const key of ['nothing', 'unknown', 'something', 'everything'] as const) seen[key] += pairs[key];
    }
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
  });

  it('who meets the internet is who meets one of its addresses', () => {
    let some = 0;
    for (const evaluator of drawn) {
      const counted = countedServices(evaluator);
      const atoms = internetNodes(evaluator);
      const found = findExposure(evaluator, kindsOf(evaluator));
      for (const [list, isFrom] of [
        [found.from, true],
        [found.to, false],
      ] as const) {
        for (const workload of workloadsOf(evaluator)) {
          const own = nodesOf(evaluator, workload);
          const pair = isFrom ? between(evaluator, atoms, own) : between(evaluator, own, atoms);
          const rows = list.filter(({ members }) => members.includes(workload));
          const allowed = rows.filter(({ isDoubtful }) => !isDoubtful).map(({ services }) => services);
          const sum = allowed.reduce(unionServices, NO_SERVICES);
          expect(intersectServices(sum, counted)).toEqual(pair?.allow ?? NO_SERVICES);
          if (rows.length === 0) expect(isNoServices(pair?.unknown ?? NO_SERVICES)).toBe(true);
          for (const { example, isDoubtful } of rows) {
            expect(example.decision.verdict).toBe(isDoubtful ? 'unknown' : 'allow');
            some++;
          }
        }
      }
    }
    expect(some).toBeGreaterThan(25);
  });

  it('blast radius is what `reach` finds', () => {
    let some = 0;
    for (const evaluator of drawn) {
      for (const { layer: name, group, reached, direct, hops } of findBlastRadius(evaluator).groups) {
        const of = { kind: 'every', peer: { kind: 'group', group, span: null }, layer: name } as const;
        const answer = reach(evaluator, { direction: 'from', of, only: null, service: null, hops: null });
        if ('problem' in answer) throw new Error(answer.problem);
        const workloads = answer.reached.filter(({ kind }) => kind === 'workload');
        // A group of hosts and workloads starts from its workloads alone.
        if (answer.origin !== workloadsOf(evaluator).length - reached.of) continue;
        expect(reached.part).toBe(workloads.length);
        if (workloads.some(({ certain }) => !certain)) continue;
        expect(direct).toBe(workloads.filter((own) => own.hops === 1).length);
        expect(hops).toBe(Math.max(0, ...workloads.map((own) => own.hops)));
        some++;
      }
    }
    expect(some).toBeGreaterThan(10);
  });
});

function everyPairAllows(evaluator: Evaluator, a: number, b: number, counted: ServiceSet): boolean {
  return nodesOf(evaluator, a).some((from) =>
    nodesOf(evaluator, b).some((to) => {
      const pair = between(evaluator, [from], [to]);
      return pair !== null && coversServices(pair.allow, counted);
    }),
  );
}

describe('defaults', () => {
  const web = labels({ app: 'web' });
  const machines = [
    vm('web-01', ['10.0.0.1'], { labels: web }),
    vm('web-02', ['10.0.0.2'], { labels: web }),
    vm('db-01', ['10.0.0.9']),
  ];
  const found = (parts: Parameters<typeof layer>[0]) => {
    const evaluator = evaluatorOf([layer({ workloads: machines, ...parts })]);
    return findDefaults(evaluator, kindsOf(evaluator));
  };

  it('deny at both sides of everybody under a last tier that drops', () => {
    expect(found({ policies: [policy('p', [rule('p.a', 'allow', any, any, tcp(80))])] })).toMatchObject({
      sides: { part: 6, of: 6 },
      pairs: { part: 6, of: 6 },
      open: [],
      tiers: [{ rules: 1, sides: 6 }],
    });
  });

  it('deny only where a policy selects, and elsewhere what comes after it', () => {
    const tiers = [tier('only', 'drop', { whereSelected: true }), tier('last', 'allow')];
    const scope = where(label('app', 'web'));
    const {
      sides,
      pairs,
      open,
      tiers: rows,
    } = found({
      tiers,
      policies: [policy('p', [rule('p.a', 'allow', any, any, tcp(80), { direction: 'in' })], { appliesTo: scope })],
    });
    expect(sides).toEqual({ part: 2, of: 6 });
    // Closed are the pairs whose destination is a web server.
    expect(pairs).toEqual({ part: 4, of: 6 });
    expect(rows.map((row) => row.sides)).toEqual([2, 4]);
    expect(open.map(({ direction, state, members }) => [direction, state, members.length])).toContainEqual([
      'out',
      'allowed',
      2,
    ]);
  });

  it('do not judge who is excluded, and know nothing of who is excluded perhaps', () => {
    expect(found({ exclude: where(label('app', 'web')) })).toMatchObject({
      sides: { part: 2, of: 6 },
      open: [
        { direction: 'out', state: 'not judged' },
        { direction: 'in', state: 'not judged' },
      ],
    });
    expect(found({ exclude: opaque }).sides).toEqual({ part: 0, of: 6 });
  });

  it('count a workload on two segments on both', () => {
    const both = vm('both', [], {
      interfaces: [face('eth0', ['10.0.0.5'], { segment: 'a' }), face('eth1', ['10.1.0.5'], { segment: 'b' })],
    });
    const segment = (id: string) => ({
      id,
      vni: null,
      vlan: null,
      subnets: [],
      sites: [],
      router: null,
      space: null,
      labels: new Map(),
      span: null,
    });
    const evaluator = evaluatorOf([layer({ workloads: [both], world: { segments: [segment('a'), segment('b')] } })]);
    expect(findDefaults(evaluator, kindsOf(evaluator)).segments).toEqual([
      { segment: 'a', workloads: 1, out: { part: 1, of: 1 }, in: { part: 1, of: 1 } },
      { segment: 'b', workloads: 1, out: { part: 1, of: 1 }, in: { part: 1, of: 1 } },
    ]);
  });
});

describe('exposure', () => {
  it('has one entry for each set of services that the same addresses may use', () => {
    const evaluator = evaluatorOf([
      layer({
        workloads: [vm('web-01', ['10.0.0.1']), vm('web-02', ['10.0.0.2'])],
        policies: [
          policy('p', [
            rule('p.bad', 'drop', addresses('198.51.100.0/24'), any),
            rule('p.web', 'allow', { kind: 'internet' }, any, tcp(443)),
            rule('p.ssh', 'allow', addresses('203.0.113.0/24'), any, tcp(22)),
          ]),
        ],
      }),
    ]);
    const { from, to, inward, outward, chains } = findExposure(evaluator, kindsOf(evaluator));
    const [web, ssh] = from;
    expect(from.map(({ members, example }) => [members.length, example.question.service.a])).toEqual([
      [2, 443],
      [2, 22],
    ]);
    expect(toRanges(web?.others ?? NO_ADDRESSES)).toEqual(['198.51.100.0-198.51.100.255']);
    expect(toRanges(ssh?.addresses ?? NO_ADDRESSES)).toEqual(['203.0.113.0-203.0.113.255']);
    // `any` of the rules holds for destinations outside, too.
    expect(to).toEqual([]);
    expect([inward, outward, chains]).toEqual([
      { part: 0, of: 2 },
      { part: 2, of: 2 },
      { part: 0, of: 2 },
    ]);
  });
});
