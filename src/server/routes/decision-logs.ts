// Decision logs: what points report of the flows that they judged. A batch is kept whole or refused with the time to
// come again, never thrown away in silence. Whoever reads them sees the flows of every project, hence the provider only.
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import * as z from 'zod';
import {
  type LogEntry,
  type LogsDocument,
  logEntrySchema,
  logHeadersSchema,
  logQuerySchema,
  logReceiptSchema,
  logsSchema,
  pointParamsSchema,
} from '../../api/decision-logs.ts';
import { formatInstant } from '../../model/time.ts';
import { sha256 } from '../../store/digest.ts';
import type { LogAppended, LogBatch, LogDraft } from '../../store/store.ts';
import { createBuckets } from '../auth/buckets.ts';
import type { App, Principal, ServerContext } from '../context/context.ts';
import { makeCursor, readCursor } from '../http/cursor.ts';
import { problem } from '../http/problem.ts';
import { takePackedJson } from '../logs/packed-json.ts';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** Seconds after which a point whose logs are full may ask again: old batches go every hour. */
const WAIT_FOR_ROOM = 3600;
/** Points whose rate is remembered. */
const MOST_POINTS = 10_000;

export function decisionLogRoutes(app: App, context: ServerContext): void {
  const { config, clock, store } = context;
  const settings = config.decisionLogs;
  const perMinute = settings.batchesPerMinute;
  const buckets = createBuckets({ perSecond: perMinute / 60, burst: perMinute, most: MOST_POINTS }, clock);
  const append = makeAppender(context);
  takePackedJson(app, settings.batchBytes, {
    depth: config.limits.jsonDepth,
    items: Math.max(settings.batchEntries, config.limits.jsonItems),
  });
  app.post(
    '/v1/points/:point/decision-logs',
    {
      config: { access: 'point' },
      bodyLimit: settings.batchBytes,
      schema: {
        tags: ['decision logs'],
        summary: 'Report decisions: an array, as it is or gzipped',
        params: pointParamsSchema,
        headers: logHeadersSchema,
        body: z.array(logEntrySchema).min(1).max(settings.batchEntries),
        response: { 200: logReceiptSchema, 201: logReceiptSchema },
      },
    },
    async ({ principal, params: { point }, headers, body }, reply) => {
      refuseOthers(principal, point);
      const seconds = buckets.take(point);
      if (seconds > 0) {
        throw slowDown('too-many-batches', `at most ${perMinute} batches a minute are taken`, seconds);
      }
      const text = JSON.stringify(body);
      const appended = await append({
        ...{ at: clock(), point, key: headers['idempotency-key'], request: sha256(text), entries: body.length },
        ...{ body: await pack(text), quota: { point: settings.pointBytes, all: settings.allBytes } },
      });
      if (appended.kind === 'other-request') {
        throw problem(422, 'key-reused', 'another batch was sent under this idempotency key', {
          help: 'use a new key for each batch, and the same one only to send a batch again',
        });
      }
      if (appended.kind === 'full') {
        const whose = appended.of === 'point' ? 'this point' : 'all points';
        throw slowDown('logs-full', `the decision logs of ${whose} are full`, WAIT_FOR_ROOM);
      }
      reply.code(appended.kind === 'stored' ? 201 : 200);
      const { kind: status } = appended;
      return { format: 'bulkhead.decision-log-receipt/1' as const, status, entries: body.length };
    },
  );
  app.get(
    '/v1/decision-logs',
    {
      config: { access: 'reader', audience: 'provider' },
      schema: {
        tags: ['decision logs'],
        summary: 'Reported decisions, oldest first',
        querystring: logQuerySchema,
        response: { 200: logsSchema },
      },
    },
    ({ query }) => readLogs(store.logPage, query),
  );
}

/** A point speaks for itself; an admin of the provider may for any. */
function refuseOthers({ point, project, roles }: Principal, named: string): void {
  if (point === named || (point === null && project === null && roles.has('admin'))) return;
  throw problem(403, 'not-this-point', 'a point reports its own decisions only');
}

function slowDown(code: string, detail: string, seconds: number): Error {
  return problem(429, code, detail, {
    help: 'keep the batch and send it again later, under the same idempotency key',
    headers: { 'retry-after': String(seconds) },
  });
}

/** Appends batches, and lets go of old ones every hour and where there is no room. */
function makeAppender({ store, config, clock }: ServerContext): (draft: LogDraft) => Promise<LogAppended> {
  let pruned = Number.NEGATIVE_INFINITY;
  const prune = async (): Promise<void> => {
    pruned = clock();
    await store.pruneLogs(pruned - config.decisionLogs.days * DAY);
  };
  return async (draft) => {
    if (clock() - pruned >= HOUR) await prune();
    return store.appendLog(draft);
  };
}

type ReadPage = (page: {
  readonly point: string | null;
  readonly after: number;
  readonly limit: number;
}) => Promise<readonly LogBatch[]>;

/** A cursor is the number of a batch and that of the next entry in it. */
async function readLogs(
  readPage: ReadPage,
  { point = null, limit, cursor }: { point?: string | null | undefined; limit: number; cursor?: string | undefined },
): Promise<LogsDocument> {
  const [seq, first] = readPosition(cursor);
  const entries: LogsDocument['entries'][number][] = [];
  let after = Math.max(0, seq - 1);
  for (;;) {
    const [batch] = await readPage({ point, after, limit: 1 });
    if (batch === undefined) break;
    // The batch of the cursor may be gone since: then the next one begins at its beginning.
    const start = batch.seq === seq ? first : 0;
    const list = JSON.parse((await unpack(batch.body)).toString('utf8')) as readonly LogEntry[];
    const received = formatInstant(batch.at);
    const taken = list.slice(start, start + limit - entries.length);
    for (const entry of taken) entries.push({ ...entry, point: batch.point, received });
    if (entries.length >= limit) {
      const next = start + taken.length;
      const at = next < list.length ? `${batch.seq}.${next}` : `${batch.seq + 1}.0`;
      return { format: 'bulkhead.decision-logs/1', entries, next: makeCursor(at) };
    }
    after = batch.seq;
  }
  return {
    format: 'bulkhead.decision-logs/1',
    entries,
    next: entries.length === 0 ? null : makeCursor(`${after + 1}.0`),
  };
}

function readPosition(cursor: string | undefined): readonly [batch: number, entry: number] {
  const position = readCursor(cursor, 'string');
  if (position === null) return [0, 0];
  const [, batch, entry] = /^([0-9]{1,15})\.([0-9]{1,9})$/.exec(position) ?? [];
  if (batch === undefined) throw problem(400, 'invalid-cursor', 'this is no cursor');
  return [Number(batch), Number(entry)];
}
