// Breadth-first back from places: the classes of sources that have not got there are judged against what has just joined,
// pair by pair where that is little, else a row at a time. The table of all pairs is never kept.
import type { Bundle } from './ends.ts';
import type { Search, Step } from './search.ts';

/** A row is judged for about the price of this part of its pairs. */
const ROW_IS_CHEAPER = 8;

export function spreadTo(search: Search): void {
  const { evaluator, places, sources, destinations, level, question, arrival } = search;
  const most = question.hops ?? Number.POSITIVE_INFINITY;
  const columns = evaluator.lookup.destination.count;
  let open: readonly Bundle[] = sources.all;
  const active = new Set<number>();

  /** Where in the bundle a hop may end: a node of a place that is reached. */
  const landings = new Map<number, number>();

  function join(place: number): void {
    for (const node of places.nodes(place)) {
      const bundle = destinations.of[node] as number;
      if (bundle === -1 || landings.has(bundle)) continue;
      landings.set(bundle, node);
      active.add(bundle);
    }
  }

  function leave(step: Step, at: number, next: number[]): void {
    const place = places.of[step[0]] as number;
    if (level[place] !== -1) return;
    level[place] = at;
    [arrival.from[place], arrival.to[place]] = step;
    next.push(place);
  }

  function landingOf(source: Bundle, targets: readonly Bundle[]): number | null {
    const { judge } = evaluator;
    const fit = targets.filter((to) => to.family === source.family && !(source.isExternal && to.isExternal));
    const row = fit.length * ROW_IS_CHEAPER > columns ? judge.row(source.class) : null;
    for (const to of fit) {
      const outcome = row === null ? judge.pair(source.class, to.class) : (row[to.class] as number);
      if (search.counts(question.traffic.hop(to.variant, outcome))) return landings.get(to.index) as number;
    }
    return null;
  }

  let frontier = [...question.origin];
  for (let at = 1; at <= most && frontier.length > 0; at++) {
    active.clear();
    for (const place of frontier) join(place);
    const targets = [...active].map((index) => destinations.all[index] as Bundle);
    const next: number[] = [];
    open = open.filter((source) => {
      const landing = landingOf(source, targets);
      if (landing === null) return true;
      for (const node of source.nodes) leave([node, landing], at, next);
      return false;
    });
    for (const { workload, step, hop } of search.residents) {
      if (level[workload] === at - 1 && search.counts(hop)) leave(step, at, next);
    }
    frontier = next.filter(search.goesOn);
  }
}
