// The evaluator against the naive one, on random worlds: the same verdict for every question, by the same rule at each
// point, and tables of flows that hold exactly what is decided.
import { describe, expect, it } from 'vitest';
import { compareWorlds } from './compare.ts';

const SEED = 7;
const WORLDS = 60;

describe('random worlds', () => {
  it('decide as the naive evaluator does, by the same rules, and list what they decide', () => {
    const { asked, counts, mismatch } = compareWorlds(WORLDS, SEED);
    console.log(`${WORLDS} worlds, ${asked} questions (seed ${SEED}): ${JSON.stringify(counts)}`);
    expect(mismatch).toBeNull();
    expect(asked).toBe(WORLDS * 10);
    for (const verdict of ['allow', 'drop', 'unknown'] as const) expect(counts[verdict] / asked).toBeGreaterThan(0.05);
  }, 600_000);
});
