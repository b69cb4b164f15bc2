// `bulkhead completion SHELL`: a script that completes commands, options, their values, paths and codes.
import { codes } from '../../text/codes.ts';
import { type Context, type ExitCode, emit, fail } from '../io/context.ts';
import { invalidChoice } from '../io/refusal.ts';
import { bashScript } from '../surface/bash.ts';
import { SHELLS } from '../surface/commands.ts';
import { fishScript } from '../surface/fish.ts';
import { zshScript } from '../surface/zsh.ts';

/** Prints the script of one shell. */
export async function run(context: Context, [shell = '']: readonly string[]): Promise<ExitCode> {
  const names = Object.keys(codes);
  switch (shell) {
    case 'bash':
      return emit(context, [bashScript(names)]);
    case 'zsh':
      return emit(context, [zshScript(names)]);
    case 'fish':
      return emit(context, [fishScript(names)]);
    default:
      return fail(context, [invalidChoice('`completion`', shell, SHELLS)]);
  }
}
