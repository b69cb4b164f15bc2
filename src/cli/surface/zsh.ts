// The completion script for zsh, from the tables of the command line.
import { COMMANDS, type CommandSpec, type OptionSpec, SHELLS } from './commands.ts';
import { flagsOf, optionsOf, valuesOf } from './options.ts';

/** A script for a folder of `fpath`. `codes`: what `explain` completes. */
export function zshScript(codes: readonly string[]): string {
  return `#compdef bulkhead
_bulkhead() {
  local -a commands
  commands=(
${COMMANDS.map((c) => `    '${c.name}:${escapeText(c.summary)}'`).join('\n')}
    'help:show how a command is used'
  )
  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
    _describe command commands
    return
  fi
  case $words[2] in
${COMMANDS.map((c) => commandCase(c, codes)).join('\n')}
    help) _describe command commands ;;
  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _bulkhead "$@"; else compdef _bulkhead bulkhead; fi
`;
}

function commandCase(command: CommandSpec, codes: readonly string[]): string {
  const specs = optionsOf(command).map((option) => optionSpec(option, command));
  const rest = {
    paths: "'*:path:_files'",
    codes: `'1:code:(${codes.join(' ')})'`,
    shells: `'1:shell:(${SHELLS.join(' ')})'`,
    nothing: null,
  }[command.takes];
  const lines = rest === null ? specs : [...specs, rest];
  return `    ${command.name})
      shift words; (( CURRENT-- ))
      _arguments \\
        ${lines.join(' \\\n        ')} ;;`;
}

function optionSpec(option: OptionSpec, command: CommandSpec): string {
  const { short, long, takesValue } = flagsOf(option);
  const values = valuesOf(option, command);
  const value = values === 'path' ? ':path:_files' : values === null ? ':value:' : `:value:(${values.join(' ')})`;
  const text = `[${escapeText(option.summary)}]${takesValue ? value : ''}'`;
  if (option.repeats) return `'*${long}${text}`;
  return short === null ? `'${long}${text}` : `'(${short} ${long})'{${short},${long}}'${text}`;
}

function escapeText(text: string): string {
  return text.replace(/[`'"\\[\]:]/g, '');
}
