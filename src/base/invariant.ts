// Turns a broken assumption of our own into an InternalError, which the command line reports as exit code 70.
// A mistake of the user is never reported from here: that is a Diagnostic (src/text/diagnostic.ts).

/** A bug in this program. Nothing below the command line catches it. */
export class InternalError extends Error {
  override readonly name = 'InternalError';
}

/** Throws InternalError with `message` unless `condition` holds. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InternalError(message);
}

/** Ends a switch over a closed union: the compiler rejects a missing case, and a value from outside the types throws. */
export function unreachable(value: never): never {
  throw new InternalError(`unreachable value ${JSON.stringify(value) ?? String(value)}`);
}
