// Wakes the state when time changes something by itself: entries end, windows open, rules expire. And once in a while in
// any case, since clocks are set and machines sleep. Old idempotency records go at the same time.
import type { FastifyBaseLogger } from 'fastify';
import type { ServerContext } from './context/context.ts';

/** The longest that a step of the clock goes unnoticed by whoever is only told. */
const MOST = 15_000;
const LEAST = 50;
/** How long the answers under idempotency keys are kept. */
const IDEMPOTENT_FOR = 24 * 60 * 60 * 1000;

/** Runs until the function that it gives is called. */
export function startTicking({ state, store, clock, metrics }: ServerContext, log: FastifyBaseLogger): () => void {
  let timer: NodeJS.Timeout | null = null;
  let isStopped = false;
  let pruned = clock();

  function plan(): void {
    if (isStopped) return;
    const wait = Math.min(MOST, Math.max(LEAST, state.nextInstant() - clock()));
    timer = setTimeout(() => void run(), wait);
    timer.unref();
  }

  async function run(): Promise<void> {
    try {
      await state.tick();
      if (Math.abs(clock() - pruned) > IDEMPOTENT_FOR / 24) {
        await store.pruneIdempotent(clock() - IDEMPOTENT_FOR);
        pruned = clock();
      }
      metrics.storeUp.set(1);
    } catch (reason) {
      metrics.storeUp.set(0);
      log.error({ err: reason }, 'what time has changed is served, and could not be written; it is tried again');
    }
    plan();
  }

  plan();
  return () => {
    isStopped = true;
    if (timer !== null) clearTimeout(timer);
  };
}
