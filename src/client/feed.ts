// A feed as a firewall gets it: fetched with its secret, and held against its tag and its number of entries, so that
// what came is whole or is not taken for a list.
import { createHash } from 'node:crypto';
import { problemSchema } from '../api/problem.ts';
import type { ProfileName } from '../exporters/feeds/profiles.ts';
import { RequestRefused, ServerUnreachable } from './errors.ts';

export interface FeedRequest {
  /** Such as `https://bulkhead.example.org:8440`. */
  readonly server: string;
  readonly feed: string;
  readonly profile: ProfileName;
  readonly secret: string;
  /** How requests are sent; that of the platform unless given. */
  readonly fetch?: typeof fetch;
  /** Milliseconds until the request is given up; 60,000 unless given. */
  readonly timeout?: number;
}

export interface FetchedFeed {
  readonly text: string;
  readonly etag: string;
  readonly entries: number;
}

/** Fetches a list. Rejects with `RequestRefused`, or with `ServerUnreachable` where no whole list came. */
export async function fetchFeed(request: FeedRequest): Promise<FetchedFeed> {
  const { server, feed, profile, secret, fetch: ask = fetch, timeout = 60_000 } = request;
  const extension = profile === 'checkpoint' ? 'json' : 'txt';
  const url = new URL(`/v1/feeds/${encodeURIComponent(feed)}.${extension}?profile=${profile}`, server);
  const headers = { 'x-feed-secret': secret };
  let response: Response;
  let body: Buffer;
  try {
    // A secret goes to the server that was named, and to no other.
    response = await ask(url, { headers, redirect: 'error', signal: AbortSignal.timeout(timeout) });
    body = Buffer.from(await response.arrayBuffer());
  } catch (reason) {
    throw new ServerUnreachable(describe(reason), { cause: reason });
  }
  if (response.status !== 200) throw refusal(body, response.status);
  const etag = response.headers.get('etag') ?? '';
  const entries = Number(response.headers.get('bulkhead-feed-entries'));
  if (etag !== `"${createHash('sha256').update(body).digest('hex')}"`) {
    throw new ServerUnreachable('what came is not the list that its tag says');
  }
  return { text: body.toString('utf8'), etag, entries };
}

function refusal(body: Buffer, status: number): Error {
  let document: unknown = null;
  try {
    document = JSON.parse(body.toString('utf8'));
  } catch {
    // Whatever stands between may answer in its own words.
  }
  const { success, data } = problemSchema.safeParse(document);
  if (success) return new RequestRefused(status, data);
  return new ServerUnreachable(`what answers says ${status}, and is no server of this API`);
}

/** What `fetch` says is general; the cause has the reason. */
function describe(reason: unknown): string {
  if (!(reason instanceof Error)) return String(reason);
  if (reason.name === 'TimeoutError') return 'it does not answer in time';
  const { cause } = reason;
  return cause instanceof Error ? describe(cause) : reason.message === '' ? reason.name : reason.message;
}
