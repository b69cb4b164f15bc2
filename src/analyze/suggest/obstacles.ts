// Says why nothing can be suggested, and what would do.
import type { Snapshot } from '../../engine/pipeline.ts';
import type { Decision } from '../../evaluate/decide.ts';
import type { Question } from '../../model/question.ts';
import { formatServices } from '../../net/service-text.ts';
import { allowsOnly } from './places.ts';
import type { Obstacle, Suggestion, Wanted } from './suggestion.ts';
import { isAsWanted } from './trial.ts';

/** Never empty. `exceptions`: what would do but goes past a denial of a higher tier. */
export function findObstacles(
  { layers }: Snapshot,
  question: Question,
  { reason, points, trace }: Decision,
  wanted: Wanted,
  exceptions: readonly Suggestion[],
): readonly Obstacle[] {
  const { source, destination } = question;
  const address = [source, destination].find((end) => end.kind === 'service-address');
  if (address?.kind === 'service-address') {
    const why = `\`${address.id}\` is a service address: rules are about the workloads behind it`;
    const backend = points.find(({ direction, verdict }) => direction === 'in' && !isAsWanted(verdict, wanted));
    const at = trace === null ? '' : ` on \`${formatServices(trace.services)}\``;
    const would =
      backend === undefined ? 'name one of its backends' : `ask about its backend \`${backend.workload}\`${at}`;
    return [{ why, would, span: null }];
  }
  if (points.length === 0) {
    const why = reason ?? 'no enforcement point judges the flow';
    const isUnmanaged = wanted === 'deny' && reason === 'no enforcement point judges it';
    const would = isUnmanaged
      ? 'a layer must govern one of the ends: declare it as a workload in an inventory, and drop what it is not for'
      : null;
    return [{ why, would, span: null }];
  }
  const overridden = new Set(exceptions.flatMap(({ overrides }) => overrides));
  const found = points
    .filter(({ verdict }) => !isAsWanted(verdict, wanted))
    .map((point): Obstacle => {
      const { rule, tier, span, verdict } = point;
      const where = point.direction === 'out' ? `leaving \`${point.workload}\`` : `entering \`${point.workload}\``;
      if (rule !== null && overridden.has(rule)) {
        const why = `${where}, \`${rule}\` of tier \`${tier}\` denies it: that tier is there to hold whatever the tiers below it say`;
        return { why, would: 'an exception in that tier, by whoever answers for it', span };
      }
      if (verdict === 'unknown') {
        const why = `${where}, the verdict is not known: ${point.reason ?? 'it depends on what the question leaves out'}`;
        return { why, would: 'say what is left open: the source port, the family, or what the name stands for', span };
      }
      const layer = layers.find(({ name }) => name === point.layer);
      const what = rule === null ? `the default of tier \`${tier}\`` : `\`${rule}\``;
      if (wanted === 'deny') {
        const isManifest = layer?.tiers.some(({ name }) => allowsOnly(layer, name));
        const would = isManifest
          ? 'a NetworkPolicy that selects the pod and allows all else, or a denial in a cluster-wide policy'
          : 'a policy at that point with a drop before what allows it';
        return { why: `${where}, ${what} allows it, and no small change there denies it`, would, span };
      }
      return {
        why: `${where}, ${what} denies it, and no policy there can be given a rule for it`,
        would:
          rule === null
            ? `a policy of tier \`${tier}\` that applies to \`${point.workload}\``
            : `a change of \`${rule}\` itself`,
        span,
      };
    });
  if (found.length === 0) {
    return [{ why: reason ?? 'what judges the flow differs', would: 'name one interface, or one address', span: null }];
  }
  return found.filter((obstacle, index) => !found.slice(0, index).some((earlier) => isAlike(earlier, obstacle)));
}

/** At both ends the same rule: once is enough. */
function isAlike(a: Obstacle, b: Obstacle): boolean {
  return a.would === b.would && a.span !== null && a.span === b.span;
}
