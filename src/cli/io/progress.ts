// Tells a person who waits at a terminal what is going on: after a second the name of the stage, and how long it has all
// taken. A command computes without a pause, so that no timer in its thread would fire: a thread of its own writes.
// Whether anybody watches is for the caller to know.
import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { shorten } from '../../text/printable.ts';

/** How long a person waits before anything is said, and between two updates, in milliseconds. */
const PATIENCE = 1000;
const INTERVAL = 200;
const ERASE = '\r\u001b[2K';

/** Whole numbers in the shared memory, by index: who holds it, whether a line is on the screen, the length of the stage. */
const LOCK = 0;
const SHOWN = 1;
const LENGTH = 2;
const STAGE = 24;
const LONGEST = 512;

/** What the thread runs; it is given the memory and the numbers above, and knows nothing else. */
const THREAD = `
const { workerData: { memory, STAGE, PATIENCE, INTERVAL, ERASE } } = require('node:worker_threads');
const { writeSync } = require('node:fs');
const numbers = new Int32Array(memory, 0, 4);
const started = new Float64Array(memory, 16, 1);
const never = new Int32Array(new SharedArrayBuffer(4));
for (;;) {
  Atomics.wait(never, 0, 0, INTERVAL);
  if (Atomics.compareExchange(numbers, ${LOCK}, 0, 1) !== 0) continue;
  const length = numbers[${LENGTH}];
  const waited = Date.now() - started[0];
  if (length > 0 && waited >= PATIENCE) {
    const stage = Buffer.from(new Uint8Array(memory, STAGE, length)).toString();
    try {
      writeSync(2, ERASE + stage + ' … ' + Math.floor(waited / 1000) + ' s');
      numbers[${SHOWN}] = 1;
    } catch {
      // A terminal that takes nothing now may take the next line: what is lost is no part of an answer.
    }
  }
  Atomics.store(numbers, ${LOCK}, 0);
}`;

interface Shared {
  readonly memory: SharedArrayBuffer;
  readonly numbers: Int32Array;
}

let shared: Shared | null = null;

/** Names the stage that begins now. `started`: when the command did, on the clock of `performance.now`. */
export function showStage(stage: string, started: number, width: number): void {
  shared ??= startThread();
  const { memory, numbers } = shared;
  const bytes = Buffer.from(shorten(stage, Math.max(10, width - 12))).subarray(0, LONGEST);
  hold(numbers, () => {
    new Float64Array(memory, 16, 1)[0] = Date.now() - (performance.now() - started);
    new Uint8Array(memory, STAGE, LONGEST).set(bytes);
    numbers[LENGTH] = bytes.length;
  });
}

/** Leaves nothing on the screen, and shows nothing more until the next stage. */
export function hideStage(): void {
  if (shared === null) return;
  const { numbers } = shared;
  hold(numbers, () => {
    if (numbers[SHOWN] === 1) writeSync(2, ERASE);
    numbers[SHOWN] = 0;
    numbers[LENGTH] = 0;
  });
}

function startThread(): Shared {
  const memory = new SharedArrayBuffer(STAGE + LONGEST);
  const thread = new Worker(THREAD, { eval: true, workerData: { memory, STAGE, PATIENCE, INTERVAL, ERASE } });
  // It ends with the program, and never keeps it.
  thread.unref();
  return { memory, numbers: new Int32Array(memory, 0, 4) };
}

/** The other thread holds the memory for one write at most. */
function hold(numbers: Int32Array, act: () => void): void {
  while (Atomics.compareExchange(numbers, LOCK, 0, 1) !== 0) {}
  try {
    act();
  } finally {
    Atomics.store(numbers, LOCK, 0);
  }
}
