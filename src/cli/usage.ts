// Turns a refusal of the argument parser into a diagnostic with the nearest name that would have been right.
import type { CommanderError } from 'commander';
import type { Diagnostic } from '../text/diagnostic.ts';
import { type ExitCode, fail } from './io/context.ts';
import { makeContext, strayDash } from './io/globals.ts';
import { suggest, usage } from './io/refusal.ts';
import { COMMANDS, type CommandSpec, GLOBAL_OPTIONS } from './surface/commands.ts';

/** Reports what is wrong with the words after the program's name; gives the exit code. */
export async function refuseUsage(reason: CommanderError, words: readonly string[]): Promise<ExitCode> {
  const named = words.find((word) => COMMANDS.some((command) => command.name === word));
  const spec = COMMANDS.find((command) => command.name === named) ?? null;
  const format = asksForJson(words) ? 'json' : 'text';
  const { context } = makeContext({ name: spec?.name ?? 'version', formats: ['text', 'json'] }, [], { format }, 0);
  return fail(context, [describe(reason, spec)]);
}

function asksForJson(words: readonly string[]): boolean {
  return words.some((word, i) => {
    const value = word === '-f' || word === '--format' ? words[i + 1] : /^(?:-f|--format=)(.+)$/.exec(word)?.[1];
    return value === 'json';
  });
}

function describe(reason: CommanderError, spec: CommandSpec | null): Diagnostic {
  const given = /'(.*)'/s.exec(reason.message)?.[1] ?? '';
  const seeHelp = `see \`bulkhead${spec === null ? '' : ` ${spec.name}`} --help\``;
  switch (reason.code) {
    case 'commander.unknownCommand': {
      const names = COMMANDS.map((command) => command.name);
      return usage('usage/unknown-command', `there is no command \`${given}\``, suggest(given, names, seeHelp));
    }
    case 'commander.unknownOption': {
      if (given.startsWith('->')) return strayDash();
      const options = [...GLOBAL_OPTIONS, ...(spec?.options ?? [])].flatMap((o) => longNames(o.flags));
      const help = suggest(given.split('=')[0] ?? '', [...options, '--help'], seeHelp);
      return usage('usage/unknown-option', `there is no option \`${given}\``, help);
    }
    case 'commander.missingArgument':
      return usage('usage/missing-argument', `\`${spec?.name}\` needs \`${given}\``, seeHelp);
    case 'commander.optionMissingArgument':
      return usage('usage/missing-argument', `\`${given}\` needs a value`, seeHelp);
    case 'commander.excessArguments':
      return usage('usage/excess-argument', `\`${spec?.name}\` was given more than it takes`, seeHelp);
    default:
      return usage('usage/invalid-value', reason.message.replace(/^error: /, ''), seeHelp);
  }
}

/** `--out` of `-o, --out <path>`. */
function longNames(flags: string): readonly string[] {
  return flags.match(/--[a-z-]+/g) ?? [];
}
