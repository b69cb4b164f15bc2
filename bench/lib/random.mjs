// A source of numbers that gives the same ones for the same seed on every machine (xorshift32).

export function makeRandom(seed) {
  let state = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
  const below = (count) => next() % count;
  return {
    below,
    pick: (list) => list[below(list.length)],
    /** True once in `count` times. */
    oneIn: (count) => below(count) === 0,
    /** An index that is small most of the time, as the popular is popular. */
    skewed: (count) => Math.min(count - 1, Math.floor(count * (next() / 2 ** 32) ** 3)),
  };
}
