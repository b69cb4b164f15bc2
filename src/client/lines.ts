// Newline-delimited JSON over a connection, both ways at once: values go out as they are taken, and answers are given as
// they come.
import type { Sender } from './send.ts';

const NDJSON = 'application/x-ndjson';

/** Bytes that are gathered before they are sent. */
const CHUNK = 32 * 1024;

/** Sends one line for each value; gives the value of each line that comes back. */
export async function* exchangeLines<T>(
  { open }: Sender,
  path: string,
  { values, query }: { readonly values: Iterable<unknown> | AsyncIterable<unknown>; readonly query: Query },
): AsyncGenerator<T, void, undefined> {
  const stop = new AbortController();
  try {
    const response = await open('POST', path, {
      body: ReadableStream.from(encode(values, stop.signal)),
      headers: { 'content-type': NDJSON, accept: NDJSON },
      query,
      signal: stop.signal,
    });
    for await (const line of linesOf(response)) yield JSON.parse(line) as T;
  } finally {
    // Whoever has seen enough goes on without the rest.
    stop.abort();
  }
}

type Query = Readonly<Record<string, string | undefined>>;

async function* encode(
  values: Iterable<unknown> | AsyncIterable<unknown>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = '';
  for await (const value of values) {
    // The platform goes on taking what is sent after nobody reads the answers any more.
    if (signal.aborted) return;
    text += `${JSON.stringify(value)}\n`;
    if (text.length < CHUNK) continue;
    yield encoder.encode(text);
    text = '';
  }
  if (text !== '') yield encoder.encode(text);
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  if (response.body === null) return;
  let rest = '';
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line !== '');
  }
  if (rest !== '') yield rest;
}
