// The bundles of a point as server-sent events: what it needs to catch up, then a delta for every change. The id of an event
// is the tag of the content that the point has after it, so that a point that comes back goes on from there. The first line
// of the data is the document, the second its signature.
import type { Metrics } from '../context/metrics.ts';
import type { BundleBook } from './bundle-book.ts';
import { etagOf } from './bundle-book.ts';
import type { Followers } from './follow.ts';

/** Milliseconds between signs of life: what is between the two keeps a connection on which something happens. */
const HEARTBEAT = 15_000;

export async function* bundleEvents(
  { book, followers, metrics }: { readonly book: BundleBook; readonly followers: Followers; readonly metrics: Metrics },
  given: {
    readonly point: string;
    /** The tag of what the point has; null: nothing. */
    readonly last: string | null;
    readonly above: number;
    readonly gone: AbortSignal;
  },
): AsyncGenerator<string> {
  const { point, above, gone } = given;
  let last = /sha256:[0-9a-f]{64}/.exec(given.last ?? '')?.[0] ?? null;
  yield 'retry: 3000\n\n';
  if (book.current(point)?.digest === last) yield `event: in-sync\nid: "${last}"\ndata: {}\n\n`;
  while (!gone.aborted) {
    const content = book.current(point);
    // A point that is no more ends the stream; asked again it hears why.
    if (content === null) return;
    if (content.digest === last) {
      const isOther = (): boolean => book.current(point)?.digest !== last;
      if (await followers.until(isOther, HEARTBEAT, gone)) continue;
      if (gone.aborted || followers.isClosed()) return;
      yield ': still here\n\n';
      continue;
    }
    const short = last === null ? null : await book.delta(point, last, content, above, { evenIfLarger: false });
    const made = short ?? (await book.snapshot(point, content, above));
    metrics.bundles.inc({ outcome: made.kind });
    last = content.digest;
    const lines = [made.bytes.toString('utf8'), ...(made.signature === null ? [] : [made.signature])];
    yield `event: ${made.kind}\nid: ${etagOf(content)}\n${lines.map((line) => `data: ${line}\n`).join('')}\n`;
  }
}
