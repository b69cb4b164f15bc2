// Bundles: what a point fetches, waits for and follows. An answer is made of one revision; its `ETag` is the digest of the
// content, so that a revision that changes nothing for a point, or a restart, changes no tag. docs/bundles.md says what a
// point must do on each answer.
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { bundleSchema, keysSchema } from '../../api/bundle.ts';
import { pointParamsSchema } from '../../api/decision-logs.ts';
import type { App, ServerContext } from '../context/context.ts';
import { isKnown, notModified } from '../http/etag.ts';
import { problem } from '../http/problem.ts';
import { noSuchPoint, refuseOtherPoints } from '../points/access.ts';
import { type BundleBook, type BundleBytes, etagOf } from '../points/bundle-book.ts';
import type { PointContent } from '../points/contents.ts';
import { bundleEvents } from '../points/events.ts';
import { createFollowers } from '../points/follow.ts';
import { appliedPreferences, type Preferences, readPreferences } from '../points/prefer.ts';

const headersSchema = z.object({
  'if-none-match': z.string().max(4096).optional().describe('the tags of contents that the point has, newest first'),
  prefer: z.string().max(512).optional().describe('`modes=snapshot,delta;wait=30`; a snapshot at once unless given'),
  'bulkhead-seq': z
    .string()
    .regex(/^[0-9]{1,15}$/)
    .optional()
    .describe('the highest number that the point has had: what it is told has a higher one'),
});
const eventHeadersSchema = headersSchema
  .pick({ 'bulkhead-seq': true })
  .extend({ 'last-event-id': z.string().max(512).optional().describe('the tag of the content that the point has') });

export function bundleRoutes(app: App, context: ServerContext, book: BundleBook): void {
  const { config, metrics } = context;
  const followers = createFollowers(context);
  app.addHook('preClose', async () => followers.close());
  const about = { tags: ['bundles'] };

  app.get(
    '/v1/points/:point/bundle',
    {
      config: { access: 'bundle' },
      schema: {
        ...about,
        summary: 'What a point enforces: whole, or what changed since what it has',
        params: pointParamsSchema,
        headers: headersSchema,
        response: { 200: bundleSchema },
      },
    },
    async (request, reply) => {
      const { point } = request.params;
      refuseOtherPoints(request.principal, point);
      const { 'if-none-match': known, 'bulkhead-seq': seq = '0', prefer } = request.headers;
      const wanted = readPreferences(prefer, config.bundles.longestWaitSeconds);
      const content = await newContent(request, point, known, wanted);
      const applied = appliedPreferences(wanted);
      if (applied !== null) reply.header('preference-applied', applied);
      if (followers.isClosed()) reply.header('connection', 'close');
      reply.headers({ etag: etagOf(content), 'cache-control': 'private, no-cache', vary: 'prefer' });
      if (isKnown(known, etagOf(content))) {
        metrics.bundles.inc({ outcome: 'not-modified' });
        return notModified(reply);
      }
      return sendBundle(reply, await bundleFor(point, content, known, wanted, Number(seq)));
    },
  );

  /** The content as it stands; of a point that has it and waits, the next one, or the same after the time. */
  async function newContent(
    { raw }: FastifyRequest,
    point: string,
    known: string | undefined,
    { wait }: Preferences,
  ): Promise<PointContent> {
    let content = current(point);
    if (wait === 0 || !isKnown(known, etagOf(content))) return content;
    const leave = followers.enter(point);
    const gone = new AbortController();
    const onClose = (): void => gone.abort();
    raw.socket.once('close', onClose);
    try {
      const isOther = (): boolean => {
        content = current(point);
        return !isKnown(known, etagOf(content));
      };
      await followers.until(isOther, wait * 1000, gone.signal);
      return content;
    } finally {
      raw.socket.off('close', onClose);
      leave();
    }
  }

  function current(point: string): PointContent {
    const content = book.current(point);
    if (content === null) throw noSuchPoint(point);
    return content;
  }

  async function bundleFor(
    point: string,
    content: PointContent,
    known: string | undefined,
    { snapshot, delta }: Preferences,
    above: number,
  ): Promise<BundleBytes> {
    if (delta) {
      for (const [, base = ''] of (known ?? '').matchAll(/"(sha256:[0-9a-f]{64})"/g)) {
        const made = await book.delta(point, base, content, above, { evenIfLarger: !snapshot });
        if (made !== null) return made;
      }
      if (!snapshot) {
        metrics.bundles.inc({ outcome: 'gone' });
        throw problem(410, 'base-unknown', 'what the point has is too old, or not from here', {
          help: 'take a snapshot: `Prefer: modes=snapshot,delta`',
        });
      }
    }
    return book.snapshot(point, content, above);
  }

  function sendBundle(reply: FastifyReply, { kind, bytes, issue, signature }: BundleBytes): FastifyReply {
    metrics.bundles.inc({ outcome: kind });
    reply.headers({ 'bulkhead-revision': issue.revision, 'bulkhead-seq': issue.seq });
    if (signature !== null) reply.header('bulkhead-signature', signature);
    return reply.type('application/json; charset=utf-8').send(bytes);
  }

  app.get(
    '/v1/points/:point/events',
    {
      config: { access: 'bundle' },
      schema: {
        ...about,
        summary: 'A stream of bundles: what the point needs to catch up, then every change (server-sent events)',
        produces: ['text/event-stream'],
        params: pointParamsSchema,
        headers: eventHeadersSchema,
      },
      exposeHeadRoute: false,
    },
    (request, reply) => {
      const { point } = request.params;
      refuseOtherPoints(request.principal, point);
      current(point);
      const { 'last-event-id': last = null, 'bulkhead-seq': seq = '0' } = request.headers;
      const leave = followers.enter(point);
      const gone = new AbortController();
      request.raw.socket.once('close', () => {
        gone.abort();
        leave();
      });
      const events = bundleEvents({ book, followers, metrics }, { point, last, above: Number(seq), gone: gone.signal });
      const stream = Readable.from(finished(events, leave), { objectMode: false, highWaterMark: 1 });
      // A stream ends with its connection: nothing keeps a server that closes from closing.
      reply.headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no', connection: 'close' });
      return reply.type('text/event-stream; charset=utf-8').send(stream);
    },
  );

  app.get(
    '/v1/keys',
    {
      config: { access: 'anyone' },
      schema: { ...about, summary: 'The public keys of bundles (JWKS)', response: { 200: keysSchema } },
    },
    (_request, reply) => {
      reply.headers({ 'cache-control': 'public, max-age=300', 'content-type': 'application/jwk-set+json' });
      return book.keys();
    },
  );
}

async function* finished(events: AsyncGenerator<string>, leave: () => void): AsyncGenerator<string> {
  try {
    yield* events;
  } finally {
    leave();
  }
}
