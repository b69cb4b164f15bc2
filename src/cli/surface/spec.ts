// The shape of what the command line looks like: a command with its arguments, options and formats.
import type { CommandName, Format } from './commands.ts';

export interface OptionSpec {
  /** As commander reads it: `-o, --out <path>`. */
  readonly flags: string;
  readonly summary: string;
  /** What it takes, for completion; null: any text. */
  readonly values: readonly string[] | 'path' | null;
  /** Whether it may be given several times. */
  readonly repeats: boolean;
}

export interface CommandSpec {
  readonly name: CommandName;
  readonly summary: string;
  /** As commander reads it: `[path...]`. */
  readonly arguments: string;
  /** What the arguments are, for completion. */
  readonly takes: 'paths' | 'codes' | 'shells' | 'nothing';
  readonly options: readonly OptionSpec[];
  /** The first is what is written unless another is asked for. */
  readonly formats: readonly Format[];
  /** A few lines of explanation and examples, under its help. */
  readonly help: string;
}

/** An option; it takes any text, and once only, unless said otherwise. */
export function option(
  flags: string,
  summary: string,
  values: OptionSpec['values'] = null,
  repeats = false,
): OptionSpec {
  return { flags, summary, values, repeats };
}
