// A feed as a firewall gets it: fetched with its secret, and held against its tag and its number of entries, so that
// what came is whole or is not taken for a list.
import { createHash } from 'node:crypto';
import { problemSchema } from '../api/problem.ts';
import type { ProfileName } from '../exporters/feeds/profiles.ts';

export interface FeedRequest {
  /** The origin of the server, with or without a path before `/v1`. */
  readonly server: string;
  readonly feed: string;
  readonly profile: ProfileName;
  readonly secret: string;
  /** Milliseconds to wait for the whole list. */
  readonly timeout: number;
}

export type FetchedFeed =
  | { readonly kind: 'list'; readonly text: string; readonly etag: string; readonly entries: number }
  /** The server answered something else than a list; `code` is its own, or `http` where it gave none. */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly code: string;
      readonly detail: string;
      readonly help: string | null;
    }
  | { readonly kind: 'unreachable'; readonly problem: string }
  /** What came is not what its headers say. */
  | { readonly kind: 'damaged'; readonly problem: string };

/** Fetches a list. Never rejects for what a server or a network does. */
export async function fetchFeed({ server, feed, profile, secret, timeout }: FeedRequest): Promise<FetchedFeed> {
  const extension = profile === 'checkpoint' ? 'json' : 'txt';
  const base = server.endsWith('/') ? server : `${server}/`;
  const url = new URL(`v1/feeds/${encodeURIComponent(feed)}.${extension}?profile=${profile}`, base);
  try {
    const headers = { 'x-feed-secret': secret };
    // A secret goes to the server that was named, and to no other.
    const response = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(timeout) });
    const body = Buffer.from(await response.arrayBuffer());
    return response.status === 200 ? readList(body, response.headers) : readRefusal(body, response.status);
  } catch (reason) {
    return { kind: 'unreachable', problem: describe(reason) };
  }
}

function readList(body: Buffer, headers: Headers): FetchedFeed {
  const etag = headers.get('etag') ?? '';
  if (etag !== `"${createHash('sha256').update(body).digest('hex')}"`) {
    return { kind: 'damaged', problem: 'what came is not what its tag says' };
  }
  const entries = Number(headers.get('bulkhead-feed-entries'));
  return { kind: 'list', text: body.toString('utf8'), etag, entries };
}

function readRefusal(body: Buffer, status: number): FetchedFeed {
  let document: unknown = null;
  try {
    document = JSON.parse(body.toString('utf8'));
  } catch {
    // Whatever stands between may answer in its own words.
  }
  const { success, data } = problemSchema.safeParse(document);
  if (!success) return { kind: 'refused', status, code: 'http', detail: `status ${status}`, help: null };
  return { kind: 'refused', status, code: data.code, detail: data.detail, help: data.help ?? null };
}

/** What `fetch` says is general; the cause has the reason. */
function describe(reason: unknown): string {
  if (!(reason instanceof Error)) return 'it cannot be asked';
  const { cause } = reason;
  if (reason.name === 'TimeoutError') return 'it does not answer in time';
  return cause instanceof Error && cause.message !== '' ? cause.message : reason.message;
}
