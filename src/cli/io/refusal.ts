// Words for what is wrong with how the program was called, with the nearest name that would have been right.
import { nearest } from '../../base/suggest.ts';
import type { Code } from '../../text/codes.ts';
import { type Diagnostic, error } from '../../text/diagnostic.ts';

/** A usage error with the help to try `bulkhead COMMAND --help` unless there is a better one. */
export function usage(code: Code & `usage/${string}`, message: string, help: string | null = null): Diagnostic {
  return error(code, message, null, { help });
}

/** `did you mean …?`, or what there is to choose from, or `otherwise`. */
export function suggest(given: string, candidates: readonly string[], otherwise: string | null = null): string | null {
  const near = nearest(given, candidates);
  return near === null ? otherwise : `did you mean \`${near}\`?`;
}

/** An option with a value outside a list. */
export function invalidChoice(option: string, given: string, choices: readonly string[]): Diagnostic {
  const listed = choices.map((choice) => `\`${choice}\``).join(', ');
  return usage(
    'usage/invalid-value',
    `${option} does not take \`${given}\``,
    suggest(given, choices, `one of ${listed}`),
  );
}
