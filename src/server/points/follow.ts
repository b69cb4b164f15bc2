// Waits for the content of a point to be another. Whoever waits is woken when something changed, looks whether that
// touches the point, and waits on if not; so many of one point at a time.
import type { ServerContext } from '../context/context.ts';
import { problem } from '../http/problem.ts';

export interface Followers {
  /**
   * Resolves when `isReady` holds, `milliseconds` have passed, the signal is aborted or the server closes; true for the
   * first. `isReady` is asked at once and after every change.
   */
  readonly until: (isReady: () => boolean, milliseconds: number, signal: AbortSignal) => Promise<boolean>;
  /** Counts one that waits for the point until it is called back. Throws 429 where there are too many. */
  readonly enter: (point: string) => () => void;
  readonly isClosed: () => boolean;
  readonly close: () => void;
}

export function createFollowers({ state, config, metrics }: ServerContext): Followers {
  const waiting = new Map<string, number>();
  const wakers = new Set<() => void>();
  let isClosed = false;
  // One after the other, with room for requests between: a change may touch hundreds of points.
  const stop = state.onChange(() => {
    const queue = [...wakers];
    const next = (): void => {
      queue.shift()?.();
      if (queue.length > 0) setImmediate(next);
    };
    setImmediate(next);
  });
  return {
    until: (isReady, milliseconds, signal) =>
      new Promise((resolve, reject) => {
        const settle = (end: () => void): void => {
          clearTimeout(timer);
          wakers.delete(wake);
          signal.removeEventListener('abort', wake);
          end();
        };
        const wake = (): void => {
          try {
            if (signal.aborted || isClosed) settle(() => resolve(false));
            else if (isReady()) settle(() => resolve(true));
          } catch (reason) {
            settle(() => reject(reason));
          }
        };
        const timer = setTimeout(() => settle(() => resolve(false)), milliseconds);
        wakers.add(wake);
        signal.addEventListener('abort', wake);
        wake();
      }),
    enter(point) {
      const count = waiting.get(point) ?? 0;
      if (count >= config.bundles.waiting) {
        throw problem(429, 'too-many-waiting', `${count} requests of this point wait already`, {
          help: 'end one of them, or ask without waiting',
          headers: { 'retry-after': '5' },
        });
      }
      waiting.set(point, count + 1);
      metrics.following.inc();
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        metrics.following.dec();
        const left = (waiting.get(point) ?? 1) - 1;
        if (left === 0) waiting.delete(point);
        else waiting.set(point, left);
      };
    },
    isClosed: () => isClosed,
    close() {
      isClosed = true;
      stop();
      for (const wake of [...wakers]) wake();
    },
  };
}
