// How far somebody gets who has taken over a member of a group: the workloads that chains of allowed flows lead to, in any
// number of hops. One search for each group, from all its members together.
import { certain } from '../../base/tri-set.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import { placesOf } from '../reach/places.ts';
import { spread } from '../reach/spread.ts';
import { makeTraffic } from '../reach/traffic.ts';
import { internetNodes } from './exposure.ts';
import { withRememberedRows } from './rows.ts';
import type { Share } from './share.ts';

export interface GroupRadius {
  readonly layer: string;
  readonly group: string;
  /** Workloads that are, or may be, in it. */
  readonly members: number;
  /** Workloads that a chain leads to, even if only perhaps, of those that are no members. */
  readonly reached: Share;
  /** Those that one hop leads to. */
  readonly direct: number;
  /** Hops of the longest of the shortest chains. */
  readonly hops: number;
  /** Whether a chain leads to some address of the internet. */
  readonly reachesInternet: boolean;
}

export interface BlastRadius {
  /** The worst first: by share, then by how many. */
  readonly groups: readonly GroupRadius[];
  /** Groups that there was no time for: the smallest. */
  readonly notSearched: number;
  /** Groups without a workload. */
  readonly empty: number;
}

/** Pairs of classes that are looked at for all groups together, at most (some seconds). */
const MOST_STEPS = 400_000_000;

export function findBlastRadius(
  evaluator: Evaluator,
  onGroup?: (done: number, of: number) => void,
  mostSteps = MOST_STEPS,
): BlastRadius {
  const own = withRememberedRows(evaluator);
  const { universe, membership, lookup } = own;
  const places = placesOf(universe);
  const traffic = makeTraffic(own, 0, null);
  const isWorkload = (place: number): boolean => places.kind(place) === 'workload';
  const workloads = universe.world.endpoints.filter(({ kind }) => kind === 'workload').length;
  const internet = new Set(internetNodes(own).map((node) => places.of[node] as number));
  const groups = universe.layers.flatMap((layer, index) =>
    [...layer.groups.values()].map(({ id }) => {
      const { possible } = membership.evaluate(index, { kind: 'group', group: id, span: null });
      return { layer: layer.name, group: id, origin: places.within(certain(possible), 'possible').filter(isWorkload) };
    }),
  );
  const filled = groups.filter(({ origin }) => origin.length > 0).sort((a, b) => b.origin.length - a.origin.length);
  const most = Math.max(1, Math.floor(mostSteps / (lookup.source.count * lookup.destination.count)));
  const searched = filled.slice(0, most).map(({ layer, group, origin }, index): GroupRadius => {
    onGroup?.(index, Math.min(most, filled.length));
    const { level } = spread(own, { direction: 'from', origin, traffic, hops: null, countsMaybe: true });
    let [reached, direct, hops, reachesInternet] = [0, 0, 0, false];
    for (const [place, at] of level.entries()) {
      if (at <= 0) continue;
      if (internet.has(place)) reachesInternet = true;
      if (!isWorkload(place)) continue;
      reached++;
      if (at === 1) direct++;
      hops = Math.max(hops, at);
    }
    const share = { part: reached, of: workloads - origin.length };
    return { layer, group, members: origin.length, reached: share, direct, hops, reachesInternet };
  });
  return {
    groups: searched.sort((a, b) => shareOf(b.reached) - shareOf(a.reached) || b.reached.part - a.reached.part),
    notSearched: filled.length - searched.length,
    empty: groups.length - filled.length,
  };
}

function shareOf({ part, of }: Share): number {
  return of === 0 ? 0 : part / of;
}
