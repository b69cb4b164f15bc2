// Turns the options that every command takes into a context, or says what is wrong with them.
import { fstatSync, readlinkSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { formatInstant } from '../../model/time.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import { parseInstant } from '../../text/parse-instant.ts';
import type { CommandSpec, Format } from '../surface/commands.ts';
import type { Context } from './context.ts';
import { invalidChoice, usage } from './refusal.ts';
import { readTerminal } from './terminal.ts';

/** Options as the parser of the command line gives them: those of every command, and the command's own. */
export interface GlobalValues {
  readonly format?: string;
  readonly out?: string;
  readonly world?: readonly string[];
  readonly dialect?: string;
  readonly at?: string;
  readonly strict?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  /** true: --color without a word; false: --no-color. */
  readonly color?: string | boolean;
  readonly [name: string]: unknown;
}

const WHEN_COLORED = ['auto', 'always', 'never'] as const;

/** The context of a command. With diagnostics, it is good for reporting them and nothing else. */
export function makeContext(
  spec: Pick<CommandSpec, 'name' | 'formats'>,
  given: readonly string[],
  values: GlobalValues,
  started: number,
): { readonly context: Context; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const format = spec.formats.find((f) => f === values.format);
  if (values.format !== undefined && format === undefined) {
    diagnostics.push(invalidChoice(`\`${spec.name} --format\``, values.format, spec.formats));
  }
  const at = values.at === undefined ? currentInstant() : parseInstant(values.at);
  if (at === null) {
    const example = formatInstant(currentInstant());
    const help = `an instant such as \`${example}\` or a date such as \`${example.slice(0, 10)}\``;
    diagnostics.push(usage('usage/invalid-value', `\`--at\` does not take \`${values.at}\``, help));
  }
  const when = colorWord(values.color);
  if (!WHEN_COLORED.some((word) => word === when)) {
    diagnostics.push(invalidChoice('`--color`', when, WHEN_COLORED));
  }
  if (given.includes('-') && !((spec.name === 'why' || spec.name === 'trace') && given.length === 1))
    diagnostics.push(strayDash());
  // As a variable of a script that is not set: an empty path would name the folder that one is in.
  if (given.includes('')) {
    diagnostics.push(usage('usage/invalid-value', 'an argument is empty', 'leave it out, or say what it is'));
  }
  const context: Context = {
    cwd: process.cwd(),
    // An error is reported in the format asked for even where the command has no answer in it.
    format: format ?? (values.format === 'json' ? 'json' : (spec.formats[0] as Format)),
    at: at ?? 0,
    world: values.world ?? [],
    dialect: values.dialect ?? null,
    outPath: values.out === undefined ? null : resolve(values.out),
    strict: values.strict === true,
    quiet: values.quiet === true,
    verbose: values.verbose === true,
    terminal: readTerminal(values.color === undefined ? null : (WHEN_COLORED.find((word) => word === when) ?? null)),
    started,
  };
  return { context, diagnostics };
}

/**
 * `why web -> db on tcp/443` without quotes: the shell takes `> db` for itself, and we are left with a dash. The shell
 * has made, or emptied, the file by then; nothing more may be written to it.
 */
export function strayDash(): Diagnostic {
  const file = findRedirection();
  return usage(
    'usage/stray-dash',
    'a `-` stands among the arguments',
    [
      "quote the arrow, or the shell takes `>` for a redirection: `bulkhead why 'web-01 -> db-01 on tcp/5432'`",
      'or give three arguments: `bulkhead why web-01 db-01 tcp/5432`',
      ...(file === null ? [] : [`the shell has made \`${file}\`, which is empty and can be deleted`]),
    ].join('\n'),
  );
}

/** The empty file that standard output goes to, where the system tells; for words only. */
function findRedirection(): string | null {
  try {
    const stat = fstatSync(1);
    return stat.isFile() && stat.size === 0 ? relative(process.cwd(), readlinkSync('/proc/self/fd/1')) : null;
  } catch {
    // No such system file, or no standard output: there is nothing to add.
    return null;
  }
}

function colorWord(color: string | boolean | undefined): string {
  return color === true ? 'always' : color === false ? 'never' : (color ?? 'auto');
}

/** Now, in whole seconds. */
export function currentInstant(): number {
  return Math.floor(Date.now() / 1000) * 1000;
}
