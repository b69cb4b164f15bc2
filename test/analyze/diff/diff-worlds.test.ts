// The diff of two random worlds is what brute force finds: the same services between every pair of ends, no more and no
// less, however rows are described; and each witness is a difference to `decide` and to the naive evaluator.
// DIFF_WORLDS sets how many pairs of worlds are compared.
import { describe, expect, it } from 'vitest';
import { diffSnapshots } from '../../../src/analyze/diff/diff.ts';
import type { Diff, DiffRow } from '../../../src/analyze/diff/diff-row.ts';
import { flowsDiffer } from '../../../src/analyze/diff/flows-differ.ts';
import { buildSnapshot, type Snapshot } from '../../../src/engine/pipeline.ts';
import { decide } from '../../../src/evaluate/decide.ts';
import { NO_SERVICES, type ServiceSet, unionServices } from '../../../src/net/services.ts';
import { createOracle, type ExactQuestion } from '../../oracle/naive.ts';
import { describeWorld } from '../../properties/describe-world.ts';
import { changeText, type End, endsOf, expectedChange, isPair, means, servicesOf } from './brute-force.ts';
import { type Edit, type World, worldSteps } from './world-pairs.ts';

const SEED = 11;
const PAIRS = Number(process.env.DIFF_WORLDS ?? 1000);

const NOTHING = changeText(NO_SERVICES, NO_SERVICES, NO_SERVICES, NO_SERVICES);

/** Where the rows say something else than brute force, or count other pairs as unchanged. */
function mismatch(before: Snapshot, after: Snapshot, diff: Diff): string | null {
  const [left, right] = [before.evaluator, after.evaluator];
  const ends = endsOf(left, right);
  const expected = expectedChange(left, right);
  const covered = (rows: readonly DiffRow[], side: 'source' | 'destination') =>
    rows.map((row) => ends.map((end) => means(left, right, row[side], end)));
  const tables = {
    gained: { rows: diff.gained, from: covered(diff.gained, 'source'), to: covered(diff.gained, 'destination') },
    lost: { rows: diff.lost, from: covered(diff.lost, 'source'), to: covered(diff.lost, 'destination') },
  };
  const changed = new Set<string>();
  for (const [i, source] of ends.entries()) {
    for (const [j, destination] of ends.entries()) {
      if (!isPair(source, destination)) continue;
      const said = (which: 'gained' | 'lost', of: 'services' | 'unknown'): ServiceSet => {
        const { rows, from, to } = tables[which];
        return rows
          .filter((_, r) => from[r]?.[i] && to[r]?.[j])
          .map((row) => servicesOf(row, of, source.family))
          .reduce(unionServices, NO_SERVICES);
      };
      const wanted = expected(source, destination);
      const got = changeText(said('gained', 'services'), said('gained', 'unknown'), said('lost', 'services'), said('lost', 'unknown')); // biome-ignore format: one step
      if (wanted !== got) return `${name(source)} -> ${name(destination)}: ${wanted}, the rows say ${got}`;
      if (wanted !== NOTHING && source.endpoint !== null && destination.endpoint !== null)
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
      if (index % 3 === 0) expect(flowsDiffer(left, right) === null).toBe(all.length === 0);
      for (const row of all) {
        const verdicts = [left, right].map(({ evaluator }) => decide(evaluator, row.witness).verdict === 'allow');
        expect(verdicts, `witness of pair ${index}, ${edit}`).toEqual(diff.gained.includes(row) ? [false, true] : [true, false]); // biome-ignore format: one step
        expect(row.decidedBy.before.verdict === 'allow').toBe(verdicts[0]);
        expect(row.decidedBy.after.verdict === 'allow').toBe(verdicts[1]);
      }
      const shown = all[index % Math.max(1, all.length)];
      if (shown !== undefined && index % 4 === 0) {
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
    // No kind of edit may go by without ever making a difference, but the one that is none.
    if (PAIRS >= 1000) expect(edits.size).toBeGreaterThanOrEqual(20);
    expect(edits.has('nothing')).toBe(false);
  }, 600_000);
});
