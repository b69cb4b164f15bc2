// Long answers that are made part by part let others have their turn in between.

/** How many milliseconds of work are done before others are let in. */
const TURN = 20;

/** The parts, joined while a turn lasts. */
export async function* inTurns(parts: Iterable<string>): AsyncGenerator<string> {
  let started = performance.now();
  let text = '';
  for (const part of parts) {
    text += part;
    if (performance.now() - started < TURN) continue;
    yield text;
    text = '';
    await new Promise((resolve) => setImmediate(resolve));
    started = performance.now();
  }
  yield text;
}
