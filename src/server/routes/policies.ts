// Policies: what is published, and publishing. A publish takes the place of all files of a project at once, after it was
// judged whole; nothing of it is seen before it is written.
import * as z from 'zod';
import {
  POLICIES_FORMAT,
  type Publication,
  policiesSchema,
  publicationSchema,
  publishSchema,
} from '../../api/policies.ts';
import { whenShape } from '../../api/when.ts';
import { servedWhen } from '../ask/when.ts';
import { idempotencyOf, sendAnswer } from '../changes/idempotency.ts';
import { makeItems, refuseForeign } from '../changes/items.ts';
import { ownerOf } from '../changes/owner.ts';
import type { App, ServerContext } from '../context/context.ts';
import { type PublicationBody, policiesTag } from '../heavy/publication.ts';
import { etagOf, isKnown, notModified, requireMatch } from '../http/etag.ts';
import { problem } from '../http/problem.ts';

const flag = z.enum(['true', 'false']).default('false');
const project = z.string().max(64).optional().describe('whose policies; left out: those of whoever asks');

export function policyRoutes(app: App, context: ServerContext): void {
  const { state, config, metrics, heavy } = context;
  const about = { tags: ['policies'] };
  app.get(
    '/v1/policies',
    {
      config: { access: 'reader' },
      schema: {
        ...about,
        summary: 'The policy files of a project, or of the provider',
        querystring: z.strictObject({ ...whenShape, project, texts: flag.describe('`true`: with their texts') }),
        response: { 200: policiesSchema },
      },
    },
    async (request, reply) => {
      const served = await servedWhen(context, request.principal, request.query);
      const owner = ownerOf(context, request.principal, request.query.project);
      const tag = policiesTag(served.files, owner);
      reply.header('etag', tag);
      if (isKnown(request.headers['if-none-match'], tag)) return notModified(reply);
      const files = served.files.filter((file) => file.project === owner);
      return {
        format: POLICIES_FORMAT as typeof POLICIES_FORMAT,
        project: owner,
        revision: served.revision,
        files: files.map(({ path, text }) => ({
          path,
          digest: etagOf(text).slice(1, -1),
          bytes: Buffer.byteLength(text),
          ...(request.query.texts === 'true' ? { text } : {}),
        })),
      };
    },
  );
  app.put(
    '/v1/policies',
    {
      config: { access: 'publisher' },
      schema: {
        ...about,
        summary: 'Publish: replace all policy files of a project, if `If-Match` names what is there',
        querystring: z.strictObject({ project, dryRun: flag.describe('`true`: judge and compare, change nothing') }),
        body: publishSchema,
        response: { 200: publicationSchema },
      },
    },
    async (request, reply) => {
      const { principal, body, headers } = request;
      const owner = ownerOf(context, principal, request.query.project);
      const isDryRun = request.query.dryRun === 'true';
      refuseRepeats(
        body.files.map(({ path }) => path),
        owner,
      );
      const upsert = makeItems(body.inventory, owner, null);
      let publication: PublicationBody | null = null;
      const answered = await state.change({
        kind: 'publish',
        principal,
        project: owner,
        message: body.message,
        action: 'policies.publish',
        target: owner === null ? 'policies' : `policies/${owner}`,
        detail: { files: body.files.length, entries: upsert.length },
        isDryRun,
        files: { project: owner, files: body.files },
        upsert,
        remove: [],
        precondition: (content) => {
          requireMatch(headers['if-match'], policiesTag(content.files, owner));
          refuseForeign(content, owner, upsert);
        },
        judge: async ({ before, after }) => {
          const gated = config.gates.tests;
          publication = await heavy.run({
            kind: 'publication',
            before,
            after,
            project: owner,
            dryRun: isDryRun,
            gated,
          });
        },
        idempotency: idempotencyOf(request),
        answer: ({ revision, changed }) => `${JSON.stringify({ ...publication, revision, changed })}\n`,
      });
      metrics.changes.inc({ kind: 'publish', outcome: isDryRun ? 'dry-run' : 'done' });
      const { etag } = JSON.parse(answered.text) as Publication;
      return sendAnswer(reply.header('etag', etag), answered);
    },
  );
}

function refuseRepeats(paths: readonly string[], owner: string | null): void {
  const seen = new Set<string>();
  const repeated = paths.find((path) => seen.size === seen.add(path).size);
  if (repeated !== undefined) throw problem(422, 'repeated-path', `\`${repeated}\` is given twice`);
  const foreign = owner === null ? paths.find((path) => path.startsWith('projects/')) : undefined;
  if (foreign === undefined) return;
  throw problem(422, 'reserved-path', `\`${foreign}\`: what is below \`projects/\` belongs to projects`, {
    help: 'publish the files of a project with `?project=NAME`',
  });
}
