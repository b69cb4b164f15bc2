// The completion script for fish, from the tables of the command line.
import { COMMANDS, GLOBAL_OPTIONS, type OptionSpec, SHELLS } from './commands.ts';
import { flagsOf } from './options.ts';

/** A script for fish's folder of completions. `codes`: what `explain` completes. */
export function fishScript(codes: readonly string[]): string {
  const names = COMMANDS.map((command) => command.name).join(' ');
  const first = '__fish_use_subcommand';
  const lines = [
    '# fish completion for bulkhead',
    ...COMMANDS.map((c) => `complete -c bulkhead -n ${first} -f -a ${c.name} -d '${escapeText(c.summary)}'`),
    `complete -c bulkhead -n ${first} -f -a help -d 'show how a command is used'`,
    `complete -c bulkhead -n '__fish_seen_subcommand_from help' -f -a '${names}'`,
    `complete -c bulkhead -n '__fish_seen_subcommand_from explain' -f -a '${codes.join(' ')}'`,
    `complete -c bulkhead -n '__fish_seen_subcommand_from completion' -f -a '${SHELLS.join(' ')}'`,
    ...GLOBAL_OPTIONS.map((option) => `complete -c bulkhead ${optionWords(option)}`),
    ...COMMANDS.flatMap((c) =>
      c.options.map((o) => `complete -c bulkhead -n '__fish_seen_subcommand_from ${c.name}' ${optionWords(o)}`),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function optionWords(option: OptionSpec): string {
  const { short, long, takesValue } = flagsOf(option);
  const { values } = option;
  const value = !takesValue
    ? ''
    : values === 'path'
      ? ' -r -F'
      : ` -x${values === null ? '' : ` -a '${values.join(' ')}'`}`;
  return `${short === null ? '' : `-s ${short.slice(1)} `}-l ${long.slice(2)}${value} -d '${escapeText(option.summary)}'`;
}

function escapeText(text: string): string {
  return text.replace(/[\\']/g, '');
}
