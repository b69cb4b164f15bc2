// The diff of two random worlds is what brute force finds: the same services between every pair of ends, no more and no
// less, however rows are described; and each witness is a difference to `decide` and to the naive evaluator.
// DIFF_WORLDS sets how many pairs of worlds are compared.

import { describe, expect, it } from 'vitest';
import { diffSnapshots } from '../../../src/analyze/diff/diff.ts';
import type { Diff } from '../../../src/analyze/diff/diff-row.ts';
import { flowsDiffer } from '../../../src/analyze/diff/flows-differ.ts';
import { remember } from '../../../src/base/remember.ts';
import { buildSnapshot, type Snapshot } from '../../../src/engine/pipeline.ts';
import { decide } from '../../../src/evaluate/decide.ts';
import { NO_SERVICES, type ServiceSet, unionServices } from '../../../src/net/services.ts';
import { sampleSize } from '../../kit/sample-size.ts';
import { createOracle, type ExactQuestion } from '../../oracle/naive.ts';
import { describeWorld } from '../../properties/describe-world.ts';
import { changeText, type End, endsOf, expectedChange, isPair, means, servicesOf } from './brute-force.ts';
import { type Edit, type World, worldSteps } from './world-pairs.ts';

const SEED = 11;
const PAIRS = Number(process.env.DIFF_WORLDS ?? sampleSize(1000));

const NOTHING = changeText(NO_SERVICES, NO_SERVICES, NO_SERVICES, NO_SERVICES);

/** Where the rows say something else than brute force, or count other pairs as unchanged. */
function mismatch(before: Snapshot, after: Snapshot, diff: Diff): string | null {
  const [left, right] = [before.evaluator, after.evaluator];
  const ends = endsOf(left, right);
  const expected = expectedChange(left, right);
  const rows = [...diff.gained, ...diff.lost].map((row) => ({
    row,
    isGained: diff.gained.includes(row),
    from: ends.map((end) => means(left, right, row.source, end)),
    to: ends.map((end) => means(left, right, row.destination, end)),
  }));
  const texts = new Map<string, string>();
  const changed = new Set<string>();
  for (const [i, source] of ends.entries()) {
    const own = rows.filter(({ from }) => from[i]);
    for (const [j, destination] of ends.entries()) {
      if (!isPair(source, destination)) continue;
      const wanted = expected(source, destination);
      const both = own.filter(({ to }) => to[j]);
      if (wanted === NOTHING && both.length === 0) continue;
      const got = remember(texts, `${source.family} ${both.map((item) => rows.indexOf(item))}`, () => {
        const said = (isGained: boolean, of: 'services' | 'unknown'): ServiceSet =>
          both
            .filter((item) => item.isGained === isGained)
            .map(({ row }) => servicesOf(row, of, source.family))
            .reduce(unionServices, NO_SERVICES);
        return changeText(
          said(true, 'services'),
          said(true, 'unknown'),
          said(false, 'services'),
          said(false, 'unknown'),
        );
      });
      if (wanted !== got) return `${name(source)} -> ${name(destination)}: ${wanted}, the rows say ${got}`;
      if (source.endpoint !== null && destination.endpoint !== null)
        changed.add(`${source.endpoint} ${destination.endpoint}`);
    }
  }
  const count = new Set(ends.flatMap(({ endpoint }) => endpoint ?? [])).size;
  const unchanged = count * (count - 1) - changed.size;
  return unchanged === diff.unchangedPairs ? null : `${unchanged} unchanged pairs, not ${diff.unchangedPairs}`;
}

function name({ endpoint, interface: own, address, family }: End): string {
  return JSON.stringify([endpoint, own, address === null ? null : String(address.value), family]);
}

function snapshotOf({ layers, at }: World): Snapshot {
  return buildSnapshot(layers, { at }).snapshot;
}

describe('the diff of random worlds', () => {
  it('has exactly the flows that brute force finds, each with a witness', () => {
    const edits = new Map<Edit, number>();
    let rows = 0;
    let witnesses = 0;
    let unnamed = 0;
    let known: { readonly world: World; readonly snapshot: Snapshot } | null = null;
    for (const [index, { edit, before, after }] of [...worldSteps(PAIRS, SEED)].entries()) {
      const left = known?.world === before ? known.snapshot : snapshotOf(before);
      const right = snapshotOf(after);
      known = { world: after, snapshot: right };
      const diff = diffSnapshots(left, right);
      const problem = mismatch(left, right, diff);
      if (problem !== null) {
        expect.fail(
          `pair ${index}, ${edit}: ${problem}\n${describeWorld(before.layers)}\n---\n${describeWorld(after.layers)}`,
        );
      }
      const all = [...diff.gained, ...diff.lost];
      if (index % 5 === 0) expect(flowsDiffer(left, right) === null).toBe(all.length === 0);
      for (const row of all) {
        const wanted = diff.gained.includes(row) ? [false, true] : [true, false];
        const { decidedBy } = row;
        expect([decidedBy.before, decidedBy.after].map(({ verdict }) => verdict === 'allow')).toEqual(wanted);
        const again = [left, right].map(({ evaluator }) => decide(evaluator, row.witness).verdict === 'allow');
        if (String(again) === String(wanted)) continue;
        // One of several addresses of an interface, which somebody else has too: no question can name it.
        expect(JSON.stringify([row.source, row.destination]), `pair ${index}, ${edit}`).toContain('"address"');
        unnamed++;
      }
      const shown = all[index % Math.max(1, all.length)];
      const isNamed = !JSON.stringify([shown?.source, shown?.destination]).includes('"address"');
      if (shown !== undefined && isNamed && index % 4 === 0) {
        const question = shown.witness as ExactQuestion;
        const naive = [before, after].map(({ layers, at }) => createOracle(layers, at)(question).verdict === 'allow');
        expect(naive, `naive on the witness of pair ${index}`).toEqual(diff.gained.includes(shown) ? [false, true] : [true, false]); // biome-ignore format: one step
        witnesses++;
      }
      rows += all.length;
      if (all.length > 0) edits.set(edit, (edits.get(edit) ?? 0) + 1);
    }
    console.log(
      `${PAIRS} pairs (seed ${SEED}), ${rows} rows, ${witnesses} asked naively: ${JSON.stringify([...edits])}`,
    );
    expect(unnamed / rows).toBeLessThan(0.01);
    // No kind of edit may go by without ever making a difference, but the one that is none.
    if (PAIRS >= 1000) expect(edits.size).toBeGreaterThanOrEqual(20);
    expect(edits.has('nothing')).toBe(false);
  }, 600_000);
});
