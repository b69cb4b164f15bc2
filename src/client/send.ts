// Sends requests: with who one is, within a time, and again where the server asks for that and repeating does no harm.
import { readJson, refusalOf, unreachable } from './errors.ts';

export interface ClientOptions {
  /** Such as `https://bulkhead.example.org:8440`. */
  readonly server: string;
  /** A bearer token; null: none is sent. */
  readonly token: string | null;
  /** How requests are sent; that of the platform unless given. `fetchOver` makes one with certificates of one's own. */
  readonly fetch?: typeof fetch;
  /** Milliseconds until a request is given up; 60,000 unless given. */
  readonly timeout?: number;
  readonly retry?: RetryOptions;
}

/**
 * A request is sent again after what `Retry-After` says: after 429 always, since nothing was done then; after 503, or a
 * connection that broke, if it changes nothing or has an idempotency key.
 */
export interface RetryOptions {
  /** How often at most; 3 unless given, 0: never. */
  readonly times?: number;
  /** The longest wait in milliseconds that is put up with; 10,000 unless given. Who is told to wait longer is refused. */
  readonly longest?: number;
}

export interface RequestParts {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | null | undefined>>;
  /** That asking twice is as good as once. Unless given: of GET and HEAD, and under an idempotency key. */
  readonly isRepeatable?: boolean;
  readonly signal?: AbortSignal;
}

export interface Answer<T> {
  readonly body: T;
  readonly etag: string | null;
  readonly status: number;
  readonly headers: Headers;
}

export interface Sender {
  /** The JSON of the answer, with its tag; null for an answer without a body, such as 304. */
  readonly send: <T>(method: string, path: string, request?: RequestParts) => Promise<Answer<T>>;
  /** The text of the answer. */
  readonly sendText: (method: string, path: string, request?: RequestParts) => Promise<Answer<string>>;
  /** The answer as it comes, without a limit of time and never sent again; a body is taken as it is. */
  readonly open: (method: string, path: string, request?: RequestParts) => Promise<Response>;
}

export function createSender(options: ClientOptions): Sender {
  const { server, token, fetch: ask = fetch, timeout = 60_000, retry = {} } = options;
  const { times = 3, longest = 10_000 } = retry;

  function urlOf(path: string, { query = {} }: RequestParts): URL {
    const url = new URL(path, server);
    for (const [name, value] of Object.entries(query)) if (value != null) url.searchParams.set(name, String(value));
    return url;
  }

  function headersOf({ headers = {}, body }: RequestParts): Record<string, string> {
    return {
      accept: 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    };
  }

  async function sendText(method: string, path: string, parts: RequestParts = {}): Promise<Answer<string>> {
    const url = urlOf(path, parts);
    const headers = headersOf(parts);
    const isSafe =
      parts.isRepeatable ?? (method === 'GET' || method === 'HEAD' || headers['idempotency-key'] !== undefined);
    const body = parts.body === undefined ? {} : { body: JSON.stringify(parts.body) };
    for (let left = times; ; left--) {
      const limit = AbortSignal.timeout(timeout);
      const signal = parts.signal === undefined ? limit : AbortSignal.any([limit, parts.signal]);
      let response: Response;
      let text: string;
      try {
        response = await ask(url, { method, headers, ...body, signal, redirect: 'error' });
        text = await response.text();
      } catch (reason) {
        if (left <= 0 || !isSafe || !isBroken(reason)) throw unreachable(reason);
        await sleep(Math.min(longest, 100 * 2 ** (times - left)), parts.signal);
        continue;
      }
      if (response.ok || response.status === 304) {
        return { body: text, etag: response.headers.get('etag'), status: response.status, headers: response.headers };
      }
      const wait = waitOf(response, isSafe);
      if (left <= 0 || wait === null || wait > longest) throw refusalOf(response.status, text, url.origin);
      await sleep(wait, parts.signal);
    }
  }

  return {
    sendText,
    async send<T>(method: string, path: string, parts: RequestParts = {}) {
      const answer = await sendText(method, path, parts);
      const body = answer.body === '' ? null : readJson(answer.body, new URL(server).origin);
      return { ...answer, body: body as T };
    },
    async open(method, path, parts = {}) {
      const url = urlOf(path, parts);
      const body =
        parts.body === undefined
          ? {}
          : { body: parts.body as NonNullable<RequestInit['body']>, duplex: 'half' as const };
      const signal = parts.signal === undefined ? {} : { signal: parts.signal };
      let response: Response;
      try {
        response = await ask(url, { method, headers: headersOf(parts), ...body, ...signal, redirect: 'error' });
      } catch (reason) {
        throw unreachable(reason);
      }
      if (response.ok || response.status === 304) return response;
      throw refusalOf(response.status, await response.text(), url.origin);
    },
  };
}

/** Milliseconds after which the server wants to be asked again; null: it does not, or asking again may do harm. */
function waitOf({ status, headers }: Response, isSafe: boolean): number | null {
  if (!(status === 429 || (status === 503 && isSafe))) return null;
  const after = headers.get('retry-after');
  if (after === null) return null;
  // Seconds, or a date (RFC 9110, section 10.2.3).
  const wait = /^[0-9]{1,9}$/.test(after.trim()) ? Number(after) * 1000 : Date.parse(after) - Date.now();
  return Number.isNaN(wait) ? null : Math.max(0, wait);
}

/** Connections that were there and broke. One that was never made says that nobody is there. */
const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

function isBroken(reason: unknown): boolean {
  if (!(reason instanceof Error)) return false;
  const { code } = reason as { code?: unknown };
  return (typeof code === 'string' && BROKEN.has(code)) || isBroken(reason.cause);
}

function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(unreachable(signal?.reason));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted === true) stop();
    signal?.addEventListener('abort', stop, { once: true });
  });
}
