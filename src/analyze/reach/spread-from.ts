// Breadth-first from places on: each class of sources is judged once, against the destinations that nothing has got to.
import { addTo } from '../../base/multimap.ts';
import type { Bundle } from './ends.ts';
import { memberOf, type Search, type Step } from './search.ts';

/** Enough to choose a cut from. */
const MOST_CLOSINGS = 64;

export function spreadFrom(search: Search): void {
  const { evaluator, places, sources, destinations, level, question } = search;
  const most = question.hops ?? Number.POSITIVE_INFINITY;
  // Destinations by family that are still to be got to.
  const open = { 4: byFamily(destinations.all, 4), 6: byFamily(destinations.all, 6) };
  const closing = question.closing ?? [];
  const isClosing = memberOf(places, closing);
  const watched = destinations.all.filter((bundle) => bundle.nodes.some((node) => isClosing(placeOf(node))));
  /** Two nodes of different places of each bundle of sources: from one of them there is a hop to any place. */
  const starts = new Map<number, number[]>();

  function placeOf(node: number): number {
    return places.of[node] as number;
  }

  function join(place: number, due: Set<number>): void {
    for (const node of places.nodes(place)) {
      const bundle = sources.of[node] as number;
      if (bundle === -1) continue;
      const known = starts.get(bundle) ?? [];
      if (known.length === 0) due.add(bundle);
      else if (known.length > 1 || placeOf(known[0] as number) === place) continue;
      // The second matters only where the first may be the place that a chain comes back to.
      else if (watched.length > 0) due.add(bundle);
      addTo(starts, bundle, node);
    }
  }

  function arrive(step: Step, at: number, next: number[]): void {
    const place = placeOf(step[1]);
    if (level[place] !== -1) return;
    level[place] = at;
    [search.arrival.from[place], search.arrival.to[place]] = step;
    next.push(place);
  }

  function visit(bundle: Bundle, at: number, next: number[]): void {
    const row = evaluator.judge.row(bundle.class);
    const nodes = starts.get(bundle.index) as readonly number[];
    const leads = (to: Bundle): boolean =>
      !(bundle.isExternal && to.isExternal) && search.counts(question.traffic.hop(to.variant, row[to.class] as number));
    close(watched, nodes, leads, at);
    open[bundle.family] = open[bundle.family].filter((to) => {
      if (!leads(to)) return true;
      const [from = -1] = nodes;
      for (const node of to.nodes) arrive([from, node], at, next);
      return false;
    });
  }

  function close(
    bundles: readonly Bundle[],
    nodes: readonly number[],
    leads: (to: Bundle) => boolean,
    at: number,
  ): void {
    for (const bundle of bundles) {
      if (search.closings.length >= MOST_CLOSINGS) return;
      if (bundle.family !== evaluator.universe.nodes[nodes[0] as number]?.family) continue;
      for (const to of bundle.nodes) {
        const from = nodes.find((node) => placeOf(node) !== placeOf(to));
        if (from === undefined || !isClosing(placeOf(to)) || !leads(bundle)) continue;
        search.closings.push({ step: [from, to], level: at });
        break;
      }
    }
  }

  let frontier = [...question.origin];
  for (let at = 1; at <= most && frontier.length > 0; at++) {
    const due = new Set<number>();
    const next: number[] = [];
    for (const place of frontier) join(place, due);
    for (const bundle of due) visit(sources.all[bundle] as Bundle, at, next);
    if (at === 1) {
      for (const { host, workload, step, hop } of search.residents) {
        if (level[host] !== 0 || !search.counts(hop)) continue;
        if (isClosing(workload)) search.closings.push({ step, level: at });
        arrive(step, at, next);
      }
    }
    frontier = next.filter(search.goesOn);
  }
}

function byFamily(bundles: readonly Bundle[], family: 4 | 6): readonly Bundle[] {
  return bundles.filter((bundle) => bundle.family === family);
}
