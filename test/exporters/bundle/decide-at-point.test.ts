// A bundle says at its point what the evaluator says there, for random worlds and points: at the instant at which it was
// made and at others, without being made again. Only where an address may be of several does the point know less, and
// then it says so.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snapshotSchema } from '../../../src/api/bundle.ts';
import { buildSnapshot } from '../../../src/engine/pipeline.ts';
import { prepareBundles } from '../../../src/exporters/bundle/build.ts';
import { canonicalText } from '../../../src/exporters/bundle/canonical.ts';
import { decideAtPoint } from '../../../src/exporters/bundle/decide-at-point.ts';
import { guardedNodes } from '../../../src/exporters/bundle/guarded.ts';
import { resolveEnds } from '../../../src/graph/resolve.ts';
import type { Node } from '../../../src/graph/universe.ts';
import { hasErrors } from '../../../src/text/diagnostic.ts';
import { sampleSize } from '../../kit/sample-size.ts';
import { chance } from '../../properties/edits.ts';
import { address, now } from '../../properties/pools.ts';
import { questionsOf, random } from '../../properties/questions.ts';
import { worlds } from '../../properties/worlds.ts';
import { drawScope, expectedAt, faceOf, meantBy, seenAs, withSpaces } from './point-kit.ts';

const SEED = Number(process.env.SEED ?? 41);
const WORLDS = Number(process.env.WORLDS ?? sampleSize(200));
const HOUR = 3_600_000;
/** Windows and ends of random worlds lie around the first of them. */
const INSTANTS = [now, now + 7 * HOUR, now - 10 * HOUR, now + 60 * HOUR];

describe('a bundle at its point', () => {
  it('decides as the evaluator does, whenever', () => {
    const counts = { asked: 0, allow: 0, drop: 0, reject: 0, unknown: 0, mistakable: 0, ruled: 0, later: 0 };
    let serial = 0;
    for (const drawn of fc.sample(worlds, { numRuns: WORLDS, seed: SEED })) {
      const draw = chance(SEED + serial++);
      const layers = serial % 4 === 0 ? withSpaces(drawn, draw) : drawn;
      const built = buildSnapshot(layers, { at: now });
      if (hasErrors(built.diagnostics)) continue;
      const scope = drawScope(layers, draw);
      const content = prepareBundles(built.snapshot).contentFor(scope);
      // As a point reads it: nothing is in it that the format does not have.
      const head = { format: 'bulkhead.bundle/1', kind: 'snapshot', point: 'p', revision: 'r1', seq: 1 };
      const document = { ...head, digest: `sha256:${'0'.repeat(64)}`, content: JSON.parse(canonicalText(content)) };
      expect(snapshotSchema.safeParse(document).error).toBeUndefined();
      for (const at of INSTANTS) {
        const { snapshot } = at === now ? built : buildSnapshot(layers, { at });
        if (at !== now) expect(canonicalText(prepareBundles(snapshot).contentFor(scope))).toBe(canonicalText(content));
        const { universe } = snapshot.evaluator;
        const guarded = new Set(guardedNodes(universe, scope));
        const asking = { layers, evaluator: snapshot.evaluator, next: random(SEED + serial) };
        for (const { source, destination, service } of questionsOf(asking, 12, 2)) {
          const [from, to] = resolveEnds(universe, source, destination);
          if (from.kind !== 'nodes' || to.kind !== 'nodes' || service.a === null || service.b === null) continue;
          const exact = { protocol: service.protocol, a: service.a, b: service.b };
          for (const [a, b] of from.nodes.flatMap((one) => to.nodes.map((other) => [one, other] as const))) {
            if (universe.nodes[a]?.family !== universe.nodes[b]?.family) continue;
            for (const direction of ['out', 'in'] as const) {
              const [own, other] = direction === 'out' ? [a, b] : [b, a];
              const remote = seenAs(universe.nodes[other] as Node, draw);
              if (!guarded.has(own) || remote === null) continue;
              const item = universe.nodes[own] as Node;
              const address_ = item.kind === 'workload' && item.address !== null ? item.address : stranger(item.family);
              const flow = { ...faceOf(snapshot, own), direction, own: address_, remote, service: exact };
              const found = decideAtPoint(content, flow, at);
              const meant = meantBy(snapshot, other, own);
              const judged = (node: number, in_ = snapshot) =>
                direction === 'out'
                  ? expectedAt(in_, own, node, direction, exact)
                  : expectedAt(in_, node, own, direction, exact);
              const expected = judged(meant[0] as number);
              counts.asked++;
              counts[expected.verdict]++;
              if (at !== now && judged(meant[0] as number, built.snapshot).verdict !== expected.verdict) counts.later++;
              if (meant.length > 1) {
                // Nobody can say which of them it is: only what is true of all may be certain.
                counts.mistakable++;
                for (const node of meant) {
                  for (const each of judged(node).layers) {
                    const own_ = found.layers.find(({ layer }) => layer === each.layer)?.verdict;
                    if (own_ !== 'unknown') expect(own_).toBe(each.verdict);
                  }
                }
                continue;
              }
              const say = ({ layer, verdict }: { layer: string; verdict: string }): string => `${layer} ${verdict}`;
              expect(
                found.layers.map(say),
                JSON.stringify({ serial, flow: String(flow.workload), direction, exact, at }),
              ).toEqual(expected.layers.map(say));
              expect(found.verdict).toBe(expected.verdict);
              for (const [index, { verdict, rule }] of found.layers.entries()) {
                if (rule === null || verdict === 'unknown') continue;
                counts.ruled++;
                const named = content.rules.find(({ id }) => id === rule)?.rule;
                expect(expected.layers[index]?.rules).toContain(named);
              }
            }
          }
        }
      }
    }
    console.log(`${WORLDS} worlds (seed ${SEED}): ${JSON.stringify(counts)}`);
    expect(counts.asked).toBeGreaterThan(WORLDS);
    for (const kind of ['allow', 'drop', 'unknown', 'mistakable', 'ruled', 'later'] as const)
      expect(counts[kind], kind).toBeGreaterThan(WORLDS / 40);
  }, 3_600_000);
});

/** An address that nobody has, for a place of which none is known. */
function stranger(family: 4 | 6) {
  return address(family === 4 ? '203.0.113.77' : '2001:db8:77::1');
}
