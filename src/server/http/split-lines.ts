// Cuts a stream of bytes into lines without ever holding more than one of them and what came with it.

/** Ends with the line that is longer than `longest` bytes: what follows cannot be told from it. */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>, longest: number): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const held = Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = held.indexOf(LINE_END); end !== -1; end = held.indexOf(LINE_END, start)) {
      yield held.toString('utf8', start, end);
      start = end + 1;
    }
    rest = held.subarray(start);
    if (rest.length > longest) {
      yield rest.toString('utf8', 0, longest);
      return;
    }
  }
  if (rest.length > 0) yield rest.toString('utf8');
}

const LINE_END = 0x0a;
