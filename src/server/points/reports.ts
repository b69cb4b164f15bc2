// What points said of themselves last, and how each of them stands by that. Kept in the store, and here, so that reads go
// on without it.
import { type PointReport, type PointState, statusSchema } from '../../api/point.ts';
import type { Instant } from '../../model/time.ts';
import type { Store } from '../../store/store.ts';

export interface Report {
  readonly at: Instant;
  readonly report: PointReport;
}

export interface Reports {
  readonly of: (point: string) => Report | null;
  readonly put: (point: string, at: Instant, report: PointReport) => Promise<void>;
  /** Reads what the store has. */
  readonly learn: () => Promise<void>;
}

export function createReports(store: Store): Reports {
  const known = new Map<string, Report>();
  return {
    of: (point) => known.get(point) ?? null,
    async put(point, at, report) {
      await store.putStatus({ point, at, body: JSON.stringify(report) });
      known.set(point, { at, report });
    },
    async learn() {
      for (const { point, at, body } of await store.statuses()) {
        const { success, data } = statusSchema.safeParse(JSON.parse(body));
        if (success) known.set(point, { at, report: data });
      }
    },
  };
}

/** A point that is this full has no room for the next change. */
const NEARLY_FULL = 0.95;

/** How a point stands. `isCurrent`: it enforces what it should; a clock that was set back makes nobody stale. */
export function stateOf(known: Report | null, isCurrent: boolean, now: Instant, staleSeconds: number): PointState {
  if (known === null) return 'silent';
  const { at, report } = known;
  if (now - at > staleSeconds * 1000) return 'stale';
  if (report.state === 'rejected') return 'rejected';
  const { rules = 0, capacity } = report;
  const isFull = capacity !== undefined && rules >= capacity * NEARLY_FULL;
  if (report.state === 'degraded' || report.source === 'disk' || isFull) return 'degraded';
  return report.state === 'syncing' || !isCurrent ? 'syncing' : 'in-sync';
}
