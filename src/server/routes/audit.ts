// The audit log, newest entry first. The people of a project see the entries of the project, numbered among those, and
// neither hashes nor digests: both change with what others do.
import { type AuditDocument, auditQuerySchema, auditSchema } from '../../api/audit.ts';
import { formatInstant } from '../../model/time.ts';
import type { AuditEntry, Owners, Store } from '../../store/store.ts';
import type { App, Principal, ServerContext } from '../context/context.ts';
import { makeCursor, readCursor } from '../http/cursor.ts';
import { nameRevision } from '../state/past.ts';

export function auditRoutes(app: App, { store }: ServerContext): void {
  app.get(
    '/v1/audit',
    {
      config: { access: 'reader' },
      schema: {
        tags: ['audit'],
        summary: 'What was done and refused, newest first',
        querystring: auditQuerySchema,
        response: { 200: auditSchema },
      },
    },
    async ({ principal, query }): Promise<AuditDocument> => {
      const owners = principal.project === null ? null : [principal.project];
      const entries = await readPage(store, owners, query);
      const [newest] = entries;
      const count = newest === undefined ? 0 : await store.countAudit(newest.seq, owners);
      const oldest = count - entries.length + 1;
      const head = principal.project === null ? await store.auditHead() : null;
      return {
        format: 'bulkhead.audit/1',
        entries: await Promise.all(entries.map((entry, i) => show(store, principal, entry, count - i))),
        next: entries.length > 0 && oldest > 1 ? makeCursor(oldest) : null,
        head: head === null ? null : { entry: head.seq, hash: head.hash },
      };
    },
  );
}

/** `cursor` is a number among the entries of the owners: the page ends before it. */
async function readPage(
  store: Store,
  owners: Owners,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<readonly AuditEntry[]> {
  const number = readCursor(cursor, 'number');
  if (number === null) return store.auditPage({ owners, before: null, limit });
  const from = await store.nthAudit(number, owners);
  return from === null ? [] : store.auditPage({ owners, before: from.seq, limit });
}

async function show(
  store: Store,
  principal: Principal,
  entry: AuditEntry,
  number: number,
): Promise<AuditDocument['entries'][number]> {
  const { at, actor, project, action, target, outcome, detail, revision, prev, hash, digest } = entry;
  return {
    entry: number,
    at: formatInstant(at),
    ...{ actor, project, action, target, outcome, detail: { ...detail } },
    revision: revision === null ? null : await nameRevision(store, principal, revision),
    chain: principal.project === null ? { prev, hash, digest } : null,
  };
}
