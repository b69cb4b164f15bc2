// How much random input a property is tried on.

/** All of it in `npm run test:system`, which CI runs too; a fifth in `npm test`. */
export function sampleSize(all: number): number {
  return process.env.SAMPLES === 'all' ? all : Math.ceil(all / 5);
}
