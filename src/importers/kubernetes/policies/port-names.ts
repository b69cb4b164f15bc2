// Finds ports that a policy names and no loaded pod has: a rule that can match nothing.
import { nearest } from '../../../base/suggest.ts';
import type { Workload } from '../../../model/workload.ts';
import { warning } from '../../../text/diagnostic.ts';
import { type Report, spanOf } from '../read/cursor.ts';
import type { PortNameUse } from './context.ts';

export function reportUnknownPortNames(
  uses: readonly PortNameUse[],
  workloads: readonly Workload[],
  report: Report,
): void {
  const known = new Set(workloads.flatMap((workload) => workload.ports.map((port) => port.name)));
  for (const { name, cursor } of uses) {
    if (known.has(name)) continue;
    const meant = nearest(name, known);
    report(
      warning('kubernetes/unknown-port-name', `no loaded pod has a port called \`${name}\``, spanOf(cursor), {
        help: meant === null ? 'names are given to container ports' : `is \`${meant}\` meant?`,
      }),
    );
  }
}
