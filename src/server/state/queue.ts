// Lets one thing happen after the other: what is asked for while something runs waits for its end, however that is.

/** Runs each task when those before it have ended. */
export function createQueue(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const next = last.then(task);
    // Who asked for it hears of a failure; who waits only waits.
    last = next.catch(() => undefined);
    return next;
  };
}
