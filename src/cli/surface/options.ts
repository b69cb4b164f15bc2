// The parts of an option's flags, for the completion scripts: `-o, --out <path>` is `-o`, `--out`, with a value.
import { COMMANDS, type CommandSpec, GLOBAL_OPTIONS, type OptionSpec } from './commands.ts';

export interface Flags {
  readonly short: string | null;
  readonly long: string;
  /** Whether it takes a value; an optional one (`[when]`) does not count. */
  readonly takesValue: boolean;
}

export function flagsOf({ flags }: OptionSpec): Flags {
  return {
    short: /^-\w/.exec(flags)?.[0] ?? null,
    long: /--[a-z-]+/.exec(flags)?.[0] ?? flags,
    takesValue: flags.includes('<'),
  };
}

/** What can stand for the value of an option of this command: `--format` takes only the formats of the command. */
export function valuesOf(option: OptionSpec, command: CommandSpec | null): OptionSpec['values'] {
  return flagsOf(option).long === '--format' && command !== null ? command.formats : option.values;
}

/** The options of a command and those of every command. */
export function optionsOf(command: CommandSpec): readonly OptionSpec[] {
  return [...command.options, ...GLOBAL_OPTIONS];
}

/** Every spelling of every option that takes a value, so that a script can tell a value from an argument. */
export function valueFlags(): readonly string[] {
  const all = [...GLOBAL_OPTIONS, ...COMMANDS.flatMap((command) => command.options)].map(flagsOf);
  const names = all.filter((f) => f.takesValue).flatMap((f) => (f.short === null ? [f.long] : [f.short, f.long]));
  return [...new Set(names)];
}
