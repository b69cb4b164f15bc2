// Enforcement points: which there are, how each of them stands, and what they report of themselves. Their bundles are served
// beside (bundles.ts).

import { pointParamsSchema } from '../../api/decision-logs.ts';
import {
  type PointDocument,
  type PointReport,
  type PointsDocument,
  pointSchema,
  pointStates,
  pointsQuerySchema,
  pointsSchema,
  receiptSchema,
  statusSchema,
} from '../../api/point.ts';
import { formatInstant } from '../../model/time.ts';
import type { App, ServerContext } from '../context/context.ts';
import { problem } from '../http/problem.ts';
import { noSuchPoint, refuseOtherPoints } from '../points/access.ts';
import { createBundleBook } from '../points/bundle-book.ts';
import { knownPoints, scopeOfPoint } from '../points/known-points.ts';
import { createReports, stateOf } from '../points/reports.ts';
import { bundleRoutes } from './bundles.ts';

export function pointRoutes(app: App, context: ServerContext): void {
  const { config, state, store, clock, metrics } = context;
  const book = createBundleBook(context, app.log);
  const reports = createReports(store);
  app.addHook('onReady', () => reports.learn());
  app.addHook('onClose', async () => book.close());
  const about = { tags: ['points'] };
  const snapshot = () => state.current({ project: null }).snapshot;

  function describe(point: string): PointDocument {
    const guards = scopeOfPoint(config, snapshot(), point);
    if (guards === null) throw noSuchPoint(point);
    const known = reports.of(point);
    const issue = book.lastIssue(point);
    const isCurrent = known !== null && isSame(known.report, point);
    return {
      format: 'bulkhead.point/1',
      point,
      state: stateOf(known, isCurrent, clock(), config.bundles.staleSeconds),
      guards,
      expected: issue,
      isCurrent,
      reportedAt: known === null ? null : formatInstant(known.at),
      report: known?.report ?? null,
    };
  }

  /** By digest where the point says it; by revision, it may have the same content under a later one. */
  function isSame({ active, digest }: PointReport, point: string): boolean {
    const content = book.current(point);
    if (typeof digest === 'string') return digest === content?.digest;
    const issue = book.lastIssue(point);
    return issue !== null && issue.digest === content?.digest && active === issue.revision;
  }

  app.get(
    '/v1/points',
    {
      config: { access: 'reader', audience: 'provider' },
      schema: {
        ...about,
        summary: 'Every enforcement point, and how it stands',
        querystring: pointsQuerySchema,
        response: { 200: pointsSchema },
      },
    },
    ({ query: { state: wanted, limit, cursor } }): PointsDocument => {
      const after = cursor === undefined ? null : readCursor(cursor);
      const all = knownPoints(config, snapshot()).map(describe);
      for (const one of pointStates)
        metrics.points.set({ state: one }, all.filter((item) => item.state === one).length);
      const rest = all.filter(
        (item) => (wanted ?? item.state) === item.state && (after === null || item.point > after),
      );
      const page = rest.slice(0, limit);
      const last = page.at(-1);
      return {
        format: 'bulkhead.points/1',
        points: page.map(({ format: _, ...item }) => item),
        next: rest.length > page.length && last !== undefined ? writeCursor(last.point) : null,
      };
    },
  );

  app.get(
    '/v1/points/:point',
    {
      config: { access: 'bundle' },
      schema: {
        ...about,
        summary: 'One enforcement point',
        params: pointParamsSchema,
        response: { 200: pointSchema },
      },
    },
    ({ principal, params: { point } }) => {
      refuseOtherPoints(principal, point);
      return describe(point);
    },
  );

  app.post(
    '/v1/points/:point/status',
    {
      config: { access: 'point' },
      schema: {
        ...about,
        summary: 'Report what a point enforces',
        params: pointParamsSchema,
        body: statusSchema,
        response: { 200: receiptSchema },
      },
    },
    async ({ principal, params: { point }, body, log }) => {
      refuseOtherPoints(principal, point);
      if (scopeOfPoint(config, snapshot(), point) === null) throw noSuchPoint(point);
      if (body.rejected !== undefined) log.warn({ point, ...body.rejected }, 'a point refused a bundle');
      await reports.put(point, clock(), body);
      const { state: own, isCurrent } = describe(point);
      return { format: 'bulkhead.point-receipt/1' as const, state: own, isCurrent };
    },
  );

  bundleRoutes(app, context, book);
}

/** Opaque to clients: ids may have any character. */
function writeCursor(point: string): string {
  return Buffer.from(point).toString('base64url');
}

function readCursor(cursor: string): string {
  const point = Buffer.from(cursor, 'base64url').toString('utf8');
  if (writeCursor(point) !== cursor) throw problem(400, 'invalid-cursor', 'this is no cursor of a page of points');
  return point;
}
