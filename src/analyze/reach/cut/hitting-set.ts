// The fewest things that satisfy a list of clauses: each clause wants all the things of one of its options. Exact by
// branch and bound while that is affordable; else the best that was found, with a bound below which nothing can be.

/** Ascending numbers of things that together do. */
export type Option = readonly number[];
export type Clause = readonly Option[];

export interface Hitting {
  readonly things: readonly number[];
  /** No set of fewer things satisfies the clauses; equal to the number of things where that is the fewest. */
  readonly atLeast: number;
}

/** Every clause has an option. `effort`: branches that may be tried. */
export function smallestHitting(clauses: readonly Clause[], effort: number): Hitting {
  const root = lowerBound(clauses, new Set());
  let best: ReadonlySet<number> = greedy(clauses);
  let left = effort;
  const search = (chosen: ReadonlySet<number>): void => {
    if (left-- <= 0) return;
    const open = unsatisfied(clauses, chosen);
    if (open.length === 0) {
      if (chosen.size < best.size) best = chosen;
      return;
    }
    if (chosen.size + lowerBound(open, chosen) >= best.size) return;
    // The clause with the fewest ways out first: the others are decided by it, or soon hopeless.
    const clause = open.reduce((least, own) => (own.length < least.length ? own : least));
    for (const option of clause) search(new Set([...chosen, ...option]));
  };
  search(new Set());
  const things = [...best].sort((a, b) => a - b);
  return { things, atLeast: left > 0 ? things.length : root };
}

function unsatisfied(clauses: readonly Clause[], chosen: ReadonlySet<number>): readonly Clause[] {
  return clauses.filter((clause) => !clause.some((option) => option.every((thing) => chosen.has(thing))));
}

/** Clauses that share nothing each need things of their own. */
function lowerBound(clauses: readonly Clause[], chosen: ReadonlySet<number>): number {
  const used = new Set<number>();
  let bound = 0;
  for (const clause of clauses) {
    const needs = clause.map((option) => option.filter((thing) => !chosen.has(thing)));
    if (needs.some((option) => option.some((thing) => used.has(thing)))) continue;
    for (const option of needs) for (const thing of option) used.add(thing);
    bound += Math.min(...needs.map((option) => option.length));
  }
  return bound;
}

/** Takes the option that does most for its price, until nothing is left; then leaves out what turned out needless. */
function greedy(clauses: readonly Clause[]): ReadonlySet<number> {
  const chosen = new Set<number>();
  for (let open = unsatisfied(clauses, chosen); open.length > 0; open = unsatisfied(open, chosen)) {
    let best: Option = [];
    let worth = -1;
    for (const option of new Set(open.flat())) {
      const missing = option.filter((thing) => !chosen.has(thing));
      const tried = new Set([...chosen, ...option]);
      const own = (open.length - unsatisfied(open, tried).length) / missing.length;
      if (own > worth) [best, worth] = [option, own];
    }
    for (const thing of best) chosen.add(thing);
  }
  for (const thing of [...chosen]) {
    chosen.delete(thing);
    if (unsatisfied(clauses, chosen).length > 0) chosen.add(thing);
  }
  return chosen;
}
