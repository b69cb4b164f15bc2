// A typed client of the server's API: one function for each thing that can be asked, answers as the documents that the
// routes declare. What a server refuses is thrown as the problem that it sent; a network that fails, as what it said.
import type { DecisionDocument, DecisionQuestion } from '../api/decision.ts';
import { PUBLISH_FORMAT, type Publication } from '../api/policies.ts';
import type { ProblemDocument } from '../api/problem.ts';
import { PROBLEM_FORMAT } from '../api/problem.ts';

export interface ClientOptions {
  /** Such as `https://bulkhead.example.org:8440`. */
  readonly server: string;
  /** A bearer token; null: none is sent. */
  readonly token: string | null;
  /** How requests are sent; that of the platform unless given. */
  readonly fetch?: typeof fetch;
  /** Milliseconds until a request is given up; 60,000 unless given. */
  readonly timeout?: number;
}

/** What the server refused, in its own words. */
export class RequestRefused extends Error {
  readonly status: number;
  readonly problem: ProblemDocument;

  constructor(status: number, problem: ProblemDocument) {
    super(problem.detail);
    this.status = status;
    this.problem = problem;
  }
}

/** Nobody answered, or not a server of this API. */
export class ServerUnreachable extends Error {}

export interface Answer<T> {
  readonly body: T;
  readonly etag: string | null;
  readonly status: number;
}

export interface Client {
  /** Any request: the JSON of the answer, with its tag. */
  readonly send: <T>(method: string, path: string, request?: RequestParts) => Promise<Answer<T>>;
  readonly decide: (question: DecisionQuestion) => Promise<DecisionDocument>;
  readonly decideAll: (questions: readonly DecisionQuestion[]) => Promise<readonly DecisionDocument[]>;
  /** The tag of the policies of a project, for the `If-Match` of a publish. */
  readonly policiesTag: (project: string | null) => Promise<string>;
  readonly publish: (publish: PublishRequest) => Promise<Publication>;
}

export interface RequestParts {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | null | undefined>>;
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

export function createClient({ server, token, fetch: ask = fetch, timeout = 60_000 }: ClientOptions): Client {
  async function send<T>(
    method: string,
    path: string,
    { body, headers = {}, query = {} }: RequestParts = {},
  ): Promise<Answer<T>> {
    const url = new URL(path, server);
    for (const [name, value] of Object.entries(query)) if (value != null) url.searchParams.set(name, String(value));
    const response = await reach(() =>
      ask(url, {
        method,
        headers: {
          accept: 'application/json',
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeout),
        redirect: 'error',
      }),
    );
    const text = await reach(() => response.text());
    const parsed = text === '' ? null : parse(text, url);
    if (!response.ok && response.status !== 304) throw refusal(response.status, parsed, url);
    return { body: parsed as T, etag: response.headers.get('etag'), status: response.status };
  }

  return {
    send,
    decide: async (question) => (await send<DecisionDocument>('POST', '/v1/decisions', { body: question })).body,
    decideAll: async (questions) =>
      (await send<readonly DecisionDocument[]>('POST', '/v1/decisions', { body: questions })).body,
    async policiesTag(project) {
      const { etag } = await send<unknown>('GET', '/v1/policies', { query: { project } });
      if (etag === null) throw new ServerUnreachable(`\`${server}\` gives no tag for its policies`);
      return etag;
    },
    async publish({ files, inventory, message, project, isDryRun, ifMatch, idempotencyKey }) {
      const { body } = await send<Publication>('PUT', '/v1/policies', {
        body: { format: PUBLISH_FORMAT, message, files, inventory },
        headers: { 'if-match': ifMatch, ...(idempotencyKey === null ? {} : { 'idempotency-key': idempotencyKey }) },
        query: { project, dryRun: isDryRun },
      });
      return body;
    },
  };
}

async function reach<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (reason) {
    throw new ServerUnreachable(describe(reason), { cause: reason });
  }
}

/** The innermost reason: `fetch failed` alone says nothing. */
function describe(reason: unknown): string {
  if (!(reason instanceof Error)) return String(reason);
  const { cause, message } = reason;
  if (reason.name === 'TimeoutError') return 'it does not answer in time';
  return cause instanceof Error ? describe(cause) : message === '' ? reason.name : message;
}

function parse(text: string, url: URL): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ServerUnreachable(`what answers at \`${url.origin}\` is no server of this API`);
  }
}

function refusal(status: number, body: unknown, url: URL): Error {
  const isProblem =
    typeof body === 'object' && body !== null && (body as { format?: unknown }).format === PROBLEM_FORMAT;
  if (isProblem) return new RequestRefused(status, body as ProblemDocument);
  return new ServerUnreachable(`what answers at \`${url.origin}\` says ${status}, and is no server of this API`);
}
