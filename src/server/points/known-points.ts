// Which enforcement points there are: those of the configuration, and every host that is none of them, for itself.
import { compareText } from '../../base/order.ts';
import type { Snapshot } from '../../engine/pipeline.ts';
import type { PointScope } from '../../exporters/bundle/guarded.ts';
import type { ServerConfig } from '../config/config.ts';

/** What the point guards; null: there is no such point. */
export function scopeOfPoint({ points }: ServerConfig, { evaluator }: Snapshot, point: string): PointScope | null {
  if (Object.hasOwn(points, point)) return points[point] ?? null;
  if (!evaluator.universe.hostIndex.has(point)) return null;
  return { hosts: [point], sites: [], segments: [], workloads: [] };
}

/** The ids of all points, sorted. */
export function knownPoints({ points }: ServerConfig, { evaluator }: Snapshot): readonly string[] {
  return [...new Set([...Object.keys(points), ...evaluator.universe.hostIndex.keys()])].sort(compareText);
}
