// Reads what `test` is to do with the tests: run them, say what they exercise, or test the tests themselves.
import type { Diagnostic } from '../../text/diagnostic.ts';
import type { Context } from './context.ts';
import type { GlobalValues } from './globals.ts';
import { usage } from './refusal.ts';

export interface TestMode {
  readonly kind: 'run' | 'coverage' | 'mutate';
  /** Percent. */
  readonly atLeast: number | null;
}

const COVERAGE_FORMATS: readonly string[] = ['text', 'json', 'lcov', 'annotated', 'html'];

export function readTestMode({ format }: Context, values: GlobalValues): TestMode | Diagnostic {
  const { coverage, mutate, atLeast, run } = values;
  const kind = coverage === true ? 'coverage' : mutate === true ? 'mutate' : 'run';
  const refuse = (message: string, help: string): Diagnostic => usage('usage/invalid-value', message, help);
  if (coverage === true && mutate === true) {
    return refuse('`--coverage` and `--mutate` are two questions', 'ask them one after the other');
  }
  if (kind !== 'run' && run !== undefined) {
    return refuse(`\`--run\` does not go with \`--${kind}\``, `\`--${kind}\` is about all tests together`);
  }
  if (kind === 'coverage' && !COVERAGE_FORMATS.includes(format)) {
    return refuse(`coverage is not written as \`${format}\``, `\`-f\` takes ${COVERAGE_FORMATS.join(', ')} here`);
  }
  if (kind === 'mutate' && format !== 'text' && format !== 'json') {
    return refuse(`mutants are not written as \`${format}\``, '`-f` takes text, json here');
  }
  if (kind === 'run' && ['lcov', 'annotated', 'html'].includes(format)) {
    return refuse(`\`-f ${format}\` is a format of coverage`, 'add `--coverage`');
  }
  if (atLeast === undefined) return { kind, atLeast: null };
  if (kind === 'run')
    return refuse('`--at-least` goes with `--coverage` or `--mutate`', 'add one of them, or leave it out');
  const percent = typeof atLeast === 'string' && /^\d{1,3}(\.\d+)?$/.test(atLeast) ? Number(atLeast) : Number.NaN;
  if (!(percent >= 0 && percent <= 100)) {
    return refuse(`\`--at-least\` does not take \`${String(atLeast)}\``, 'a number from 0 to 100');
  }
  return { kind, atLeast: percent };
}
