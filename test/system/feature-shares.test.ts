// That the random worlds of test/properties try every feature: a comparison on worlds in which, say, no window ever
// decided would prove nothing about windows. WORLDS and SEED in the environment ask for more worlds, or for others.
import { expect, it } from 'vitest';
import { measureShares } from '../properties/features.ts';

const SEED = Number(process.env.SEED ?? 7);
const WORLDS = Number(process.env.WORLDS ?? 300);
const QUESTIONS = 40;
const LEAST = 0.05;

it('decides a flow by every feature, in one random world of twenty at least', () => {
  const shares = measureShares(WORLDS, SEED, QUESTIONS);
  const lines = [...shares].map(([name, share]) => `${(100 * share).toFixed(1).padStart(5)} %  ${name}`);
  console.log(`${WORLDS} worlds (seed ${SEED}): the share in which a feature decided\n${lines.join('\n')}`);
  expect([...shares].filter(([, share]) => share < LEAST)).toEqual([]);
  expect(shares.size).toBeGreaterThan(35);
}, 3_600_000);
