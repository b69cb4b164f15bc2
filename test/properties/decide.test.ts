// The evaluator against the naive one, on random worlds: the same verdict for every question, the same points with the
// same verdicts by the same rules, the same word about the reply, and tables of flows that hold what is decided.
// WORLDS and SEED in the environment ask for more worlds, or for others.
import { describe, expect, it } from 'vitest';
import { sampleSize } from '../kit/sample-size.ts';
import { compareWorlds } from './compare.ts';

const SEED = Number(process.env.SEED ?? 7);
const WORLDS = Number(process.env.WORLDS ?? sampleSize(2000));
const QUESTIONS = 5;

describe('random worlds', () => {
  it('decide as the naive evaluator does, by the same rules, and list what they decide', () => {
    const { asked, counts, mismatch } = compareWorlds(WORLDS, SEED, QUESTIONS);
    console.log(`${WORLDS} worlds, ${asked} questions (seed ${SEED}): ${JSON.stringify(counts)}`);
    expect(mismatch).toBeNull();
    expect(asked).toBe(WORLDS * QUESTIONS);
    for (const verdict of ['allow', 'drop', 'unknown'] as const) expect(counts[verdict] / asked).toBeGreaterThan(0.05);
  }, 3_600_000);
});
