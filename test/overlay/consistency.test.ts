// What a walk says and what the policy says agree (semantics §16), on random fabrics with random policies. Each
// relation is told of by its number there; that the fabrics are worth walking is asserted at the end.

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type Decision, decide } from '../../src/evaluate/decide.ts';
import type { Walk } from '../../src/overlay/walk/walk.ts';
import { endpoint, fabricOf, walkOf } from './fabric-of.ts';
import { type RandomFabric, randomFabric } from './random-fabric.ts';

const SEED = 20261121;
const RUNS = Number(process.env.OVERLAY_RUNS ?? 9);
const SOURCE_PORT = 49152;
const PORTS = [22, 80, 443];
const ends = new Map<string, number>();

interface Pair {
  readonly flow: string;
  readonly walk: Walk;
  readonly decision: Decision;
}

/** Every pair of some workloads, walked and decided. */
function* pairsOf({ text, workloads }: RandomFabric): Generator<Pair> {
  const { fabric } = fabricOf(text);
  for (const [i, from] of workloads.entries()) {
    for (const to of workloads) {
      if (from === to) continue;
      const port = PORTS[(i + workloads.indexOf(to)) % PORTS.length] as number;
      const flow = `${from} -> ${to} tcp/${port}/${SOURCE_PORT}`;
      const walk = walkOf(fabric, flow);
      const service = { protocol: 6, a: port, b: SOURCE_PORT };
      const question = { source: endpoint(from), destination: endpoint(to), family: null, service } as const;
      yield { flow, walk, decision: decide(fabric.evaluator, question) };
      ends.set(walk.disposition, (ends.get(walk.disposition) ?? 0) + 1);
    }
  }
}

const denies = ({ verdict }: Decision): boolean => verdict === 'drop' || verdict === 'reject';

function check(fabric: RandomFabric, judge: (pair: Pair) => void): void {
  for (const pair of pairsOf(fabric)) judge(pair);
}

describe('a walk and the policy', () => {
  it('1: what is denied at an end that point denies, by that rule; 2: what arrives all allow; 3: what is denied does not arrive', () => {
    fc.assert(
      fc.property(randomFabric('partial'), (fabric) =>
        check(fabric, ({ walk, decision, flow }) => {
          const last = walk.steps.at(-1);
          const direction = { 'denied-out': 'out', 'denied-in': 'in' }[walk.disposition as string];
          const points = decision.points.filter((point) => point.direction === direction);
          if (direction !== undefined) {
            const expected = last?.action === 'rejected' ? 'reject' : 'drop';
            expect([points[0]?.verdict, points[0]?.rule], flow).toEqual([expected, last?.rules[0]?.rule]);
          }
          if (walk.disposition !== 'delivered') return;
          expect(
            decision.points.find(({ verdict }) => verdict !== 'allow'),
            flow,
          ).toBeUndefined();
          expect(denies(decision), flow).toBe(false);
        }),
      ),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('4: where everything can be reached, denied is denied and allowed is delivered, over one connection', () => {
    fc.assert(
      fc.property(randomFabric('full'), (fabric) =>
        check(fabric, ({ walk, decision, flow }) => {
          const expected = denies(decision) ? 'denied' : decision.reply === 'blocked' ? 'reply-blocked' : 'delivered';
          expect(walk.disposition.replace(/^denied-.*/, 'denied'), flow).toBe(expected);
          const back = walk.reply?.steps ?? [];
          if (expected !== 'delivered' || [...walk.steps, ...back].some(({ note }) => note === 'stateless')) return;
          expect(walk.sessions.length, flow).toBe(walk.steps.filter(({ session }) => session !== null).length);
        }),
      ),
      { seed: SEED + 2, numRuns: RUNS },
    );
  });

  it('a walk ends, also where routes go round', () => {
    const { fabric } = fabricOf({
      inventory: `hosts: [{ id: h, teps: [172.16.0.1] }, { id: e, kind: edge, teps: [172.16.0.2] }]
routers:
  - { id: a, kind: tier0, edges: [e], uplinks: [192.0.2.1/30], routes: [{ to: 0.0.0.0/0, via: 192.0.2.2 }] }
  - { id: b, kind: physical, uplinks: [192.0.2.2/30], routes: [{ to: 0.0.0.0/0, via: 192.0.2.1 }] }
segments: [{ id: n, vni: 5000, subnets: [10.0.0.1/24], router: a }]
workloads: [{ id: w, kind: vm, host: h, interfaces: [{ segment: n, addresses: [10.0.0.5] }] }]
`,
      seg: 'tiers { only default allow }',
    });
    for (const ttl of [1, 2, 64, 255]) {
      const walk = walkOf(fabric, 'w -> 198.51.100.1 tcp/80', { ttl });
      expect(walk.disposition).toBe('ttl-exceeded');
      expect(walk.steps.length).toBeLessThan(ttl * 6 + 10);
    }
  });

  afterAll(() => {
    const total = [...ends.values()].reduce((sum, count) => sum + count, 0);
    const delivered = ends.get('delivered') ?? 0;
    const denied = [...ends].filter(([end]) => end.startsWith('denied')).reduce((sum, [, count]) => sum + count, 0);
    expect(total).toBeGreaterThan(1000);
    expect(delivered / total).toBeGreaterThan(0.3);
    expect(denied / total).toBeGreaterThan(0.3);
  });
});
