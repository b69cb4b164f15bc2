// Revisions: what was changed when and by whom, newest first. A project sees its own and the provider's, counted among
// those alone.
import * as z from 'zod';
import { pageShape } from '../../api/page.ts';
import { REVISION_FORMAT, REVISIONS_FORMAT, revisionSchema, revisionsSchema } from '../../api/policies.ts';
import { formatInstant } from '../../model/time.ts';
import type { Revision } from '../../store/store.ts';
import type { App, ServerContext } from '../context/context.ts';
import { makeCursor, readCursor } from '../http/cursor.ts';
import { findRevision, nameRevision, ownersFor } from '../state/past.ts';
import type { Viewer } from '../state/served.ts';

export function revisionRoutes(app: App, { store }: ServerContext): void {
  const about = { tags: ['policies'] };

  async function describe(viewer: Viewer, revision: Revision, name: string) {
    const { at, kind, project, actor, message, digest } = revision;
    // Who works for the provider is the provider's business.
    const isOwn = viewer.project === null || project === viewer.project;
    return {
      ...{ format: REVISION_FORMAT as typeof REVISION_FORMAT, revision: name, at: formatInstant(at), kind, project },
      ...(isOwn ? { actor, message } : { actor: 'provider', message: '' }),
      ...(viewer.project === null ? { digest } : {}),
    };
  }

  app.get(
    '/v1/revisions',
    {
      config: { access: 'reader' },
      schema: {
        ...about,
        summary: 'Revisions, newest first, page by page',
        querystring: z.strictObject(pageShape),
        response: { 200: revisionsSchema },
      },
    },
    async ({ principal, query }) => {
      // Numbers as the viewer counts: those of the store would tell how much others do.
      const number = readCursor(query.cursor, 'number');
      const last = number === null ? null : await findRevision(store, principal, `r${number}`);
      const page = { owners: ownersFor(principal), before: last?.seq ?? null, limit: query.limit + 1 };
      const found = await store.revisions(page);
      const shown = found.slice(0, query.limit);
      const [first] = shown;
      // Counted once: the page holds neighbours.
      const newest = first === undefined ? 0 : Number((await nameRevision(store, principal, first.seq)).slice(1));
      return {
        format: REVISIONS_FORMAT as typeof REVISIONS_FORMAT,
        revisions: await Promise.all(shown.map((each, index) => describe(principal, each, `r${newest - index}`))),
        next: found.length > shown.length ? makeCursor(newest - shown.length + 1) : null,
      };
    },
  );
  app.get(
    '/v1/revisions/:revision',
    {
      config: { access: 'reader' },
      schema: {
        ...about,
        summary: 'One revision',
        params: z.strictObject({ revision: z.string().regex(/^r[1-9][0-9]{0,14}$/) }),
        response: { 200: revisionSchema },
      },
    },
    async ({ principal, params }) => {
      const found = await findRevision(store, principal, params.revision);
      return describe(principal, found, params.revision);
    },
  );
}
