// A typed client of the server's API: one function for each thing that can be asked, answers as the documents that the
// routes declare. What a server refuses is thrown as the problem that it sent; a network that fails, as what it said.
import { randomUUID } from 'node:crypto';
import type * as z from 'zod';
import type {
  diffDocument,
  diffSchema,
  flowsQuery,
  traceDocument,
  traceSchema,
  whatIfDocument,
  whatIfSchema,
  whyDocument,
  whySchema,
} from '../api/ask.ts';
import type { AuditDocument } from '../api/audit.ts';
import type { DecisionDocument, DecisionQuestion, lineProblemSchema } from '../api/decision.ts';
import type { LogEntry, LogsDocument, logReceiptSchema } from '../api/decision-logs.ts';
import type {
  FeedSecretsDocument,
  FeedsDocument,
  newFeedSecretSchema,
  RetiredFeedSecretDocument,
} from '../api/feed.ts';
import type { healthSchema } from '../api/health.ts';
import {
  CHANGE_FORMAT,
  type changedSchema,
  type entrySchema,
  type kindSchema,
  type pageSchema,
} from '../api/inventory.ts';
import type { PointDocument, PointsDocument, receiptSchema, statusSchema } from '../api/point.ts';
import {
  PUBLISH_FORMAT,
  type Publication,
  type policiesSchema,
  type revisionSchema,
  type revisionsSchema,
} from '../api/policies.ts';
import { ServerUnreachable } from './errors.ts';
import { exchangeLines } from './lines.ts';
import { type Answer, type ClientOptions, createSender, type RequestParts, type Sender } from './send.ts';

export type PoliciesDocument = z.infer<typeof policiesSchema>;
export type RevisionDocument = z.infer<typeof revisionSchema>;
export type InventoryKind = z.infer<typeof kindSchema>;
export type EntryDocument = z.infer<typeof entrySchema>;
export type ListedEntry = z.infer<typeof pageSchema>['entries'][number];
export type InventoryChanged = z.infer<typeof changedSchema>;
export type HealthDocument = z.infer<typeof healthSchema>;
export type LineProblem = z.infer<typeof lineProblemSchema>;
export type ListedPoint = PointsDocument['points'][number];
export type PointStatus = z.input<typeof statusSchema>;
export type NewFeedSecretDocument = z.infer<typeof newFeedSecretSchema>;
export type LogReceipt = z.infer<typeof logReceiptSchema>;

/** Which state a question is about; nothing said: the one of now. */
export type WhenAsked = { readonly revision?: string; readonly at?: string };

/** Whose it is; nothing said: of whoever asks. */
export interface OfProject {
  readonly project?: string | null;
}

/** Conditions and identity of a change. */
export interface ChangeOptions extends OfProject {
  /** The tag of what it replaces. */
  readonly ifMatch?: string;
  /** So that a repeated request is done once; a new one unless given. */
  readonly idempotencyKey?: string;
}

export interface InventoryChange {
  readonly message?: string;
  readonly ttlSeconds?: number;
  /** Lists of entries under their kinds. */
  readonly upsert?: object;
  readonly remove?: readonly { readonly kind: InventoryKind; readonly id: string }[];
}

export interface PublishRequest {
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** Entries that go along, under their kinds. */
  readonly inventory: object;
  readonly message: string;
  readonly project: string | null;
  readonly isDryRun: boolean;
  /** The tag of what it replaces; `*`: whatever is there. */
  readonly ifMatch: string;
  /** So that a repeated request is done once; null: none. */
  readonly idempotencyKey: string | null;
}

/** Everything rejects with `RequestRefused` or `ServerUnreachable`. */
export interface Client extends Sender {
  /** What is there now, or null where it is still what has this tag. */
  readonly readIfNew: <T>(path: string, etag: string | null, parts?: RequestParts) => Promise<Answer<T> | null>;
  /** The entries of all pages of a list; each page is asked for when it is needed. */
  readonly entriesOf: <T>(path: string, query?: RequestParts['query']) => AsyncGenerator<T, void, undefined>;

  readonly decide: (question: DecisionQuestion, when?: WhenAsked) => Promise<DecisionDocument>;
  readonly decideAll: (
    questions: readonly DecisionQuestion[],
    when?: WhenAsked,
  ) => Promise<readonly DecisionDocument[]>;
  /** An answer for each question, in order, while questions go on being sent: any number of them. */
  readonly decideEach: (
    questions: Iterable<DecisionQuestion> | AsyncIterable<DecisionQuestion>,
    when?: WhenAsked,
  ) => AsyncGenerator<DecisionDocument | LineProblem, void, undefined>;

  /** The verdict of a flow with the rules that make it; `flow` as in `web-01 -> db-01 on tcp/5432`. */
  readonly why: (question: z.input<typeof whySchema>) => Promise<z.infer<typeof whyDocument>>;
  /** Every allowed flow, as `bulkhead.flows/1`. */
  readonly flows: (query?: z.input<typeof flowsQuery>) => Promise<object>;
  readonly diff: (sides: z.input<typeof diffSchema>) => Promise<z.infer<typeof diffDocument>>;
  readonly whatIf: (changes: z.input<typeof whatIfSchema>) => Promise<z.infer<typeof whatIfDocument>>;
  readonly trace: (packet: z.input<typeof traceSchema>) => Promise<z.infer<typeof traceDocument>>;

  readonly policies: (
    options?: OfProject & WhenAsked & { readonly texts?: boolean },
  ) => Promise<Answer<PoliciesDocument>>;
  /** The tag of the policies of a project, for the `If-Match` of a publish. */
  readonly policiesTag: (project: string | null) => Promise<string>;
  readonly publish: (publish: PublishRequest) => Promise<Publication>;

  /** Newest first. */
  readonly revisions: () => AsyncGenerator<RevisionDocument, void, undefined>;
  readonly revision: (revision: string) => Promise<RevisionDocument>;

  readonly inventory: (kind: InventoryKind, when?: WhenAsked) => AsyncGenerator<ListedEntry, void, undefined>;
  readonly entry: (kind: InventoryKind, id: string, when?: WhenAsked) => Promise<Answer<EntryDocument>>;
  readonly putEntry: (
    kind: InventoryKind,
    entry: { readonly id: string },
    options?: ChangeOptions & { readonly ttlSeconds?: number },
  ) => Promise<InventoryChanged>;
  readonly removeEntry: (kind: InventoryKind, id: string, options?: ChangeOptions) => Promise<InventoryChanged>;
  readonly changeInventory: (change: InventoryChange, options?: ChangeOptions) => Promise<InventoryChanged>;

  readonly points: (state?: PointDocument['state']) => AsyncGenerator<ListedPoint, void, undefined>;
  readonly point: (point: string) => Promise<PointDocument>;
  readonly reportStatus: (point: string, status: PointStatus) => Promise<z.infer<typeof receiptSchema>>;
  /** The public keys that bundles are signed with (JWKS). */
  readonly keys: () => Promise<object>;

  readonly feeds: () => Promise<FeedsDocument>;
  readonly feedSecrets: (feed: string) => Promise<FeedSecretsDocument>;
  readonly addFeedSecret: (feed: string) => Promise<NewFeedSecretDocument>;
  readonly retireFeedSecret: (feed: string, secret: string) => Promise<RetiredFeedSecretDocument>;

  /** Newest first. */
  readonly audit: () => AsyncGenerator<AuditDocument['entries'][number], void, undefined>;
  /** Oldest first. */
  readonly decisionLogs: (point?: string) => AsyncGenerator<LogsDocument['entries'][number], void, undefined>;
  readonly reportDecisions: (
    point: string,
    entries: readonly LogEntry[],
    idempotencyKey?: string,
  ) => Promise<LogReceipt>;

  readonly health: () => Promise<HealthDocument>;
  readonly readiness: () => Promise<HealthDocument>;
  /** In the exposition format of Prometheus. */
  readonly metrics: () => Promise<string>;
  /** The OpenAPI document. */
  readonly description: () => Promise<object>;
}

export function createClient(options: ClientOptions): Client {
  const sender = createSender(options);
  const { send, sendText } = sender;

  const get = async <T>(path: string, query: RequestParts['query'] = {}): Promise<T> =>
    (await send<T>('GET', path, { query })).body;

  async function* pagesOf<P extends { readonly next: string | null }>(
    path: string,
    query: RequestParts['query'],
  ): AsyncGenerator<P, void, undefined> {
    let cursor: string | null = null;
    do {
      const page: P = await get(path, { ...query, ...(cursor === null ? {} : { cursor }) });
      yield page;
      cursor = page.next;
    } while (cursor !== null);
  }

  async function* entriesOf<T>(path: string, query: RequestParts['query'] = {}): AsyncGenerator<T, void, undefined> {
    type Page = { readonly entries: readonly T[]; readonly next: string | null };
    for await (const { entries } of pagesOf<Page>(path, query)) yield* entries;
  }

  async function* revisions(): AsyncGenerator<RevisionDocument, void, undefined> {
    for await (const page of pagesOf<z.infer<typeof revisionsSchema>>('/v1/revisions', {})) yield* page.revisions;
  }

  async function* points(state?: PointDocument['state']): AsyncGenerator<ListedPoint, void, undefined> {
    for await (const page of pagesOf<PointsDocument>('/v1/points', { state })) yield* page.points;
  }

  /** A question that is sent as a body. */
  const ask = async <T>(path: string, body: unknown): Promise<T> =>
    (await send<T>('POST', path, { body, isRepeatable: true })).body;

  /** Changes have a key, so that one whose answer is lost is sent again and done once. */
  const change = async <T>(method: string, path: string, parts: RequestParts, options: ChangeOptions): Promise<T> => {
    const { ifMatch, idempotencyKey = randomUUID(), project } = options;
    const headers = { 'idempotency-key': idempotencyKey, ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }) };
    return (await send<T>(method, path, { ...parts, headers, query: { ...parts.query, project } })).body;
  };

  const decide = async <T>(body: unknown, when: WhenAsked = {}): Promise<T> =>
    (await send<T>('POST', '/v1/decisions', { body, query: { ...when }, isRepeatable: true })).body;

  return {
    ...sender,
    entriesOf,
    async readIfNew<T>(path: string, etag: string | null, parts: RequestParts = {}) {
      const headers = { ...parts.headers, ...(etag === null ? {} : { 'if-none-match': etag }) };
      const answer = await send<T>('GET', path, { ...parts, headers });
      return answer.status === 304 ? null : answer;
    },

    decide: (question, when) => decide<DecisionDocument>(question, when),
    decideAll: (questions, when) => decide<readonly DecisionDocument[]>(questions, when),
    decideEach: (values, when = {}) => exchangeLines(sender, '/v1/decisions/stream', { values, query: { ...when } }),

    why: (question) => ask('/v1/why', question),
    flows: (query = {}) => get('/v1/flows', { ...query }),
    diff: (sides) => ask('/v1/diff', sides),
    whatIf: (changes) => ask('/v1/what-if', changes),
    trace: (packet) => ask('/v1/trace', packet),

    policies: ({ texts = false, ...query } = {}) => send('GET', '/v1/policies', { query: { ...query, texts } }),
    async policiesTag(project) {
      const { etag } = await send<unknown>('GET', '/v1/policies', { query: { project } });
      if (etag === null) throw new ServerUnreachable(`\`${options.server}\` gives no tag for its policies`);
      return etag;
    },
    async publish({ files, inventory, message, project, isDryRun, ifMatch, idempotencyKey }) {
      const { body } = await send<Publication>('PUT', '/v1/policies', {
        body: { format: PUBLISH_FORMAT, message, files, inventory },
        headers: { 'if-match': ifMatch, ...(idempotencyKey === null ? {} : { 'idempotency-key': idempotencyKey }) },
        query: { project, dryRun: isDryRun },
        ...(isDryRun ? { isRepeatable: true } : {}),
      });
      return body;
    },

    revisions,
    revision: (revision) => get(`/v1/revisions/${encodeURIComponent(revision)}`),

    inventory: (kind, when = {}) => entriesOf(`/v1/inventory/${kind}`, { ...when }),
    entry: (kind, id, when = {}) => send('GET', entryPath(kind, id), { query: { ...when } }),
    putEntry: (kind, entry, { ttlSeconds, ...rest } = {}) =>
      change('PUT', entryPath(kind, entry.id), { body: entry, query: { ttlSeconds } }, rest),
    removeEntry: (kind, id, rest = {}) => change('DELETE', entryPath(kind, id), {}, rest),
    changeInventory: (body, rest = {}) =>
      change('POST', '/v1/inventory', { body: { format: CHANGE_FORMAT, ...body } }, rest),

    points,
    point: (point) => get(`/v1/points/${encodeURIComponent(point)}`),
    // The last word of a point counts: told twice is told once.
    reportStatus: (point, status) => ask(`/v1/points/${encodeURIComponent(point)}/status`, status),
    keys: () => get('/v1/keys'),

    feeds: () => get('/v1/feeds'),
    feedSecrets: (feed) => get(`/v1/feeds/${encodeURIComponent(feed)}/secrets`),
    addFeedSecret: async (feed) =>
      (await send<NewFeedSecretDocument>('POST', `/v1/feeds/${encodeURIComponent(feed)}/secrets`)).body,
    retireFeedSecret: async (feed, secret) =>
      (
        await send<RetiredFeedSecretDocument>(
          'DELETE',
          `/v1/feeds/${encodeURIComponent(feed)}/secrets/${encodeURIComponent(secret)}`,
          { isRepeatable: true },
        )
      ).body,

    audit: () => entriesOf('/v1/audit'),
    decisionLogs: (point) => entriesOf('/v1/decision-logs', { point }),
    reportDecisions: (point, entries, idempotencyKey = randomUUID()) =>
      change('POST', `/v1/points/${encodeURIComponent(point)}/decision-logs`, { body: entries }, { idempotencyKey }),

    health: () => get('/healthz'),
    readiness: () => get('/readyz'),
    metrics: async () => (await sendText('GET', '/metrics', { headers: { accept: 'text/plain' } })).body,
    description: () => get('/openapi.json'),
  };
}

function entryPath(kind: InventoryKind, id: string): string {
  return `/v1/inventory/${kind}/${encodeURIComponent(id)}`;
}
