// What a walk says and what the policy says agree (semantics §16), on random fabrics with random policies. Each
// relation is told of by its number there; that the fabrics are worth walking is asserted at the end.

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type Decision, decide } from '../../src/evaluate/decide.ts';
import type { Session } from '../../src/overlay/packet/connections.ts';
import type { Walk } from '../../src/overlay/walk/walk.ts';
import { endpoint, fabricOf, walkOf } from './fabric-of.ts';
import { type RandomFabric, randomFabric } from './random-fabric.ts';

const SEED = 20261121;
const RUNS = Number(process.env.OVERLAY_RUNS ?? 14);
const SOURCE_PORT = 49152;
/** In turn over the pairs; echo requests are of the family of the pair. */
const SERVICES = ['tcp/22', 'tcp/80', 'tcp/443', 'udp/53', 'icmp'] as const;
const ends = new Map<string, number>();
const met = new Map<string, number>();

interface Pair {
  readonly flow: string;
  readonly walk: Walk;
  readonly decision: Decision;
}

/** Pairs of workloads and service addresses, each with a service in turn, walked and decided. */
function* pairsOf({ text, workloads, addresses, services }: RandomFabric): Generator<Pair> {
  const { fabric } = fabricOf(text);
  let turn = 0;
  for (const from of workloads) {
    for (const to of [...workloads, ...services]) {
      if (from === to) continue;
      turn++;
      const wide = turn % 3 === 0 && (addresses.get(from)?.length ?? 0) > 1 && (addresses.get(to)?.length ?? 0) > 1;
      const [source = from, destination = to] = wide ? [addresses.get(from)?.[1], addresses.get(to)?.[1]] : [];
      const service = SERVICES[turn % SERVICES.length] as (typeof SERVICES)[number];
      if (service === 'icmp' && services.includes(to)) continue;
      const [name = '', port = wide ? '128' : '8'] = service.split('/');
      const protocol = name === 'tcp' ? 6 : name === 'udp' ? 17 : wide ? 58 : 1;
      const b = name === 'icmp' ? 0 : SOURCE_PORT;
      const flow = `${source} -> ${destination} ${protocol}/${port}/${b}`;
      const walk = walkOf(fabric, flow);
      const asked = { protocol, a: Number(port), b };
      const family = wide ? 6 : 4;
      const question = {
        source: endpoint(source),
        destination: endpoint(destination),
        family,
        service: asked,
      } as const;
      yield { flow, walk, decision: decide(fabric.evaluator, question) };
      count(ends, walk.disposition);
      count(met, `protocol ${protocol}`);
      for (const { stage } of walk.steps) count(met, stage);
    }
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

const pointOf = ({ kind, point }: Session): string => `${kind} ${point}`;
const denies = ({ verdict }: Decision): boolean => verdict === 'drop' || verdict === 'reject';

function check(fabric: RandomFabric, judge: (pair: Pair) => void): void {
  for (const pair of pairsOf(fabric)) judge(pair);
}

/** The flow is judged as it was asked for: neither translated on its way, nor sent to one backend of several. */
const isPlain = ({ steps }: Walk): boolean =>
  steps.every(({ action, stage }) => action !== 'translated' && stage !== 'service');

describe('a walk and the policy', () => {
  it('1: what is denied at an end that point denies, by that rule; 2: what arrives all allow; 3: what is denied does not arrive', () => {
    fc.assert(
      fc.property(randomFabric('partial'), (fabric) =>
        check(fabric, ({ walk, decision, flow }) => {
          const last = walk.steps.at(-1);
          const direction = { 'denied-out': 'out', 'denied-in': 'in' }[walk.disposition as string];
          const points = decision.points.filter((point) => point.direction === direction);
          if (direction !== undefined && isPlain(walk)) {
            const expected = last?.action === 'rejected' ? 'reject' : 'drop';
            expect([points[0]?.verdict, points[0]?.rule], flow).toEqual([expected, last?.rules[0]?.rule]);
          }
          if (walk.disposition !== 'delivered') return;
          for (const step of [...walk.steps, ...(walk.reply?.steps ?? [])]) {
            if (step.stage.startsWith('dfw')) expect(['allowed', 'forwarded'], flow).toContain(step.action);
          }
          const stages = new Set(walk.steps.map(({ stage }) => stage));
          // What a service denies all its backends deny; translation makes another flow of it.
          if (!stages.has('nat') && !stages.has('node')) expect(denies(decision), flow).toBe(false);
          if (!isPlain(walk)) return;
          expect(
            decision.points.find(({ verdict }) => verdict !== 'allow'),
            flow,
          ).toBeUndefined();
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

  it('forward and reply use one connection, translated or not: what comes back begins none', () => {
    let translated = 0;
    fc.assert(
      fc.property(randomFabric('partial'), (fabric) =>
        check(fabric, ({ walk, flow }) => {
          if (walk.disposition !== 'delivered' || walk.reply === null) return;
          if (!isPlain(walk)) translated++;
          const states = new Set(['opening', 'multiple', 'closing', 'established']);
          const { header } = walk.reply.steps.at(-1)?.packet ?? {};
          expect([header?.source, header?.destination], flow).toEqual([walk.header?.destination, walk.header?.source]);
          const began = new Set(walk.steps.flatMap(({ session }) => (session === null ? [] : pointOf(session))));
          for (const { session } of walk.reply.steps) {
            // A point whose rule keeps no state begins one of its own with the reply, and each way between two nodes
            // is one by itself.
            if (session === null || session.kind === 'nat' || !began.has(pointOf(session))) continue;
            if (session.header.destinationPort === 4789) continue;
            expect(states, flow).toContain(session.state);
            count(met, 'answered');
          }
        }),
      ),
      { seed: SEED + 3, numRuns: RUNS + 3 },
    );
    expect(translated).toBeGreaterThan(10);
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
    const often = [
      'answered',
      'protocol 1',
      'protocol 6',
      'protocol 17',
      'protocol 58',
      'node',
      'nat',
      'service',
      'gateway-firewall',
    ];
    const rare = [...often, 'access-list-in', 'security-group-in', 'tunnel'].filter((key) => (met.get(key) ?? 0) < 10);
    expect(rare).toEqual([]);
    expect(delivered / total).toBeGreaterThan(0.3);
    expect(denied / total).toBeGreaterThan(0.3);
  });
});
