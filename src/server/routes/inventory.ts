// The inventory: who is there. Entries are sent one by one or many at once, all of them or none, and may be told to go by
// themselves unless they are sent again.
import * as z from 'zod';
import {
  CHANGED_FORMAT,
  changedSchema,
  changeSchema,
  ENTRY_FORMAT,
  entrySchema,
  idSchema,
  kindSchema,
  PAGE_FORMAT,
  pageSchema,
  ttlSchema,
} from '../../api/inventory.ts';
import { pageShape } from '../../api/page.ts';
import { whenShape } from '../../api/when.ts';
import { formatInstant } from '../../model/time.ts';
import type { Item, ItemKind } from '../../store/store.ts';
import { toJson } from '../../text/diagnostic-json.ts';
import { servedWhen } from '../ask/when.ts';
import { idempotencyOf, sendAnswer } from '../changes/idempotency.ts';
import { idOf, makeItems, refuseForeign } from '../changes/items.ts';
import { ownerOf } from '../changes/owner.ts';
import type { App, Principal, ServerContext } from '../context/context.ts';
import { makeCursor, readCursor } from '../http/cursor.ts';
import { etagOf, isKnown, notModified, requireMatch } from '../http/etag.ts';
import { problem } from '../http/problem.ts';
import type { Change } from '../state/change.ts';
import type { Content } from '../state/held.ts';

const project = z.string().max(64).optional().describe('whose inventory; left out: that of whoever asks');
const params = z.strictObject({ kind: kindSchema, id: idSchema });

export function inventoryRoutes(app: App, context: ServerContext): void {
  const { state, clock, metrics } = context;
  const about = { tags: ['inventory'] };

  /** What every change of the inventory has in common. */
  function changeOf(
    principal: Principal,
    owner: string | null,
    edit: Pick<Change, 'upsert' | 'remove' | 'message' | 'idempotency'>,
    precondition: (content: Content) => void,
  ): Change {
    const isThere = (content: Content, { kind, id }: { kind: ItemKind; id: string }): boolean =>
      content.items.some((item) => item.kind === kind && item.id === id && item.project === owner);
    return {
      ...edit,
      ...{ kind: 'inventory', principal, project: owner, action: 'inventory.change', isDryRun: false, files: null },
      target: owner === null ? 'inventory' : `inventory/${owner}`,
      detail: { upserted: edit.upsert.length, removed: edit.remove.length },
      precondition: (content) => {
        refuseForeign(content, owner, [...edit.upsert, ...edit.remove]);
        precondition(content);
      },
      answer: ({ candidate: { before, after }, revision, changed }) => {
        const own = after.diagnostics.filter(() => principal.project === null);
        const document = {
          ...{ format: CHANGED_FORMAT, revision, changed, upserted: edit.upsert.length },
          removed: edit.remove.filter((each) => isThere(before, each)).length,
          diagnostics: own.map((each) => toJson(each, after.sources)),
        };
        return `${JSON.stringify(document)}\n`;
      },
    };
  }

  app.post(
    '/v1/inventory',
    {
      config: { access: 'publisher' },
      schema: {
        ...about,
        summary: 'Change many entries at once, all of them or none',
        querystring: z.strictObject({ project }),
        body: changeSchema,
        response: { 200: changedSchema },
      },
    },
    async (request, reply) => {
      const { principal, body } = request;
      const owner = ownerOf(context, principal, request.query.project);
      const upsert = makeItems(body.upsert, owner, endsAt(body.ttlSeconds));
      // A project has no entry of another, and removing what is not there is nothing.
      const remove = owner === null ? body.remove : body.remove.filter(({ id }) => id.startsWith(`${owner}/`));
      const edit = { upsert, remove, message: body.message, idempotency: idempotencyOf(request) };
      const answered = await state.change(changeOf(principal, owner, edit, () => {}));
      metrics.changes.inc({ kind: 'inventory', outcome: 'done' });
      return sendAnswer(reply, answered);
    },
  );
  app.get(
    '/v1/inventory/:kind',
    {
      config: { access: 'reader' },
      schema: {
        ...about,
        summary: 'Entries of one kind in order of their ids, page by page',
        params: z.strictObject({ kind: kindSchema }),
        querystring: z.strictObject({ ...whenShape, ...pageShape }),
        response: { 200: pageSchema },
      },
    },
    async (request) => {
      const { kind } = request.params;
      const { limit, cursor } = request.query;
      const after = readCursor(cursor, 'string');
      const served = await servedWhen(context, request.principal, request.query);
      const rest = served.items.filter((item) => item.kind === kind && (after === null || item.id > after));
      const shown = rest.slice(0, limit);
      const last = shown.at(-1);
      return {
        format: PAGE_FORMAT as typeof PAGE_FORMAT,
        kind,
        revision: served.revision,
        entries: shown.map(describe),
        next: rest.length > shown.length && last !== undefined ? makeCursor(last.id) : null,
      };
    },
  );
  app.get(
    '/v1/inventory/:kind/:id',
    {
      config: { access: 'reader' },
      schema: {
        ...about,
        summary: 'One entry',
        params,
        querystring: z.strictObject(whenShape),
        response: { 200: entrySchema },
      },
    },
    async (request, reply) => {
      const { kind, id } = request.params;
      const served = await servedWhen(context, request.principal, request.query);
      const item = served.items.find((each) => each.kind === kind && each.id === id);
      if (item === undefined) throw noSuchEntry();
      const tag = itemTag(item);
      reply.header('etag', tag);
      if (isKnown(request.headers['if-none-match'], tag)) return notModified(reply);
      return { format: ENTRY_FORMAT as typeof ENTRY_FORMAT, kind, ...describe(item) };
    },
  );
  app.put(
    '/v1/inventory/:kind/:id',
    {
      config: { access: 'publisher' },
      schema: {
        ...about,
        summary: 'Put one entry in the place of whatever has its id; with `If-Match` only of what that names',
        params,
        querystring: z.strictObject({ project, ttlSeconds: z.coerce.number().pipe(ttlSchema).optional() }),
        body: z.looseObject({}).describe('the entry, as in bulkhead.inventory/1'),
        response: { 200: changedSchema },
      },
    },
    async (request, reply) => {
      const { principal, headers, query } = request;
      const { kind, id } = request.params;
      const owner = ownerOf(context, principal, query.project);
      const parsed = changeSchema.shape.upsert.safeParse({ [kind]: [request.body] });
      if (!parsed.success) {
        const issues = parsed.error.issues
          .slice(0, 20)
          .map(({ path, message }) => `\`${path.slice(2).join('/')}\`: ${message}`);
        throw problem(400, 'invalid-request', issues.join('; ').slice(0, 2000));
      }
      const upsert = makeItems(parsed.data, owner, endsAt(query.ttlSeconds));
      const given = idOf(kind, request.body);
      if (given !== id) throw problem(422, 'other-id', `the entry is \`${given}\`, and the path says \`${id}\``);
      const edit = { upsert, remove: [], message: '', idempotency: idempotencyOf(request) };
      const answered = await state.change(
        changeOf(principal, owner, edit, (content) => matchEntry(content, kind, id, headers['if-match'])),
      );
      metrics.changes.inc({ kind: 'inventory', outcome: 'done' });
      return sendAnswer(reply, answered);
    },
  );
  app.delete(
    '/v1/inventory/:kind/:id',
    {
      config: { access: 'publisher' },
      schema: {
        ...about,
        summary: 'Remove one entry',
        params,
        querystring: z.strictObject({ project }),
        response: { 200: changedSchema },
      },
    },
    async (request, reply) => {
      const { principal, headers, query } = request;
      const { kind, id } = request.params;
      const owner = ownerOf(context, principal, query.project);
      if (owner !== null && !id.startsWith(`${owner}/`)) throw noSuchEntry();
      const edit = { upsert: [], remove: [{ kind, id }], message: '', idempotency: idempotencyOf(request) };
      const answered = await state.change(
        changeOf(principal, owner, edit, (content) => {
          if (!content.items.some((item) => item.kind === kind && item.id === id)) throw noSuchEntry();
          matchEntry(content, kind, id, headers['if-match']);
        }),
      );
      metrics.changes.inc({ kind: 'inventory', outcome: 'done' });
      return sendAnswer(reply, answered);
    },
  );

  function endsAt(ttlSeconds: number | undefined): number | null {
    return ttlSeconds === undefined ? null : clock() + ttlSeconds * 1000;
  }
}

function matchEntry({ items }: Content, kind: ItemKind, id: string, ifMatch: string | undefined): void {
  if (ifMatch === undefined) return;
  const item = items.find((each) => each.kind === kind && each.id === id);
  requireMatch(ifMatch, item === undefined ? '"none"' : itemTag(item));
}

function itemTag({ kind, id, body, expiresAt }: Item): string {
  return etagOf('entry', kind, id, body, expiresAt);
}

function describe({ id, project: owner, expiresAt, body }: Item) {
  const ends = expiresAt === null ? null : formatInstant(expiresAt);
  return { id, project: owner, expiresAt: ends, entry: JSON.parse(body) as Record<string, unknown> };
}

function noSuchEntry() {
  return problem(404, 'no-such-entry', 'there is no such entry');
}
