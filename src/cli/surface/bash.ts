// The completion script for bash, from the tables of the command line.
import { COMMANDS, type CommandSpec, SHELLS } from './commands.ts';
import { flagsOf, optionsOf, valueFlags, valuesOf } from './options.ts';

/** A script to source. `codes`: what `explain` completes. */
export function bashScript(codes: readonly string[]): string {
  return `# bash completion for bulkhead
_bulkhead() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command= i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      ${valueFlags().join('|')}) ((i++)) ;;
      -*) ;;
      *) command=\${COMP_WORDS[i]}; break ;;
    esac
  done
  COMPREPLY=()
  case "$command $prev" in
${COMMANDS.flatMap(valueCases).join('\n')}
  esac
  if [[ $cur == -* ]]; then
    case $command in
${COMMANDS.map((c) => `      ${c.name}) COMPREPLY=($(compgen -W '${names(c)}' -- "$cur")) ;;`).join('\n')}
    esac
    return
  fi
  case $command in
    '') COMPREPLY=($(compgen -W '${COMMANDS.map((c) => c.name).join(' ')} help' -- "$cur")) ;;
    explain) COMPREPLY=($(compgen -W '${codes.join(' ')}' -- "$cur")) ;;
    completion) COMPREPLY=($(compgen -W '${SHELLS.join(' ')}' -- "$cur")) ;;
    help) COMPREPLY=($(compgen -W '${COMMANDS.map((c) => c.name).join(' ')}' -- "$cur")) ;;
    why|version) ;;
    *) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")) ;;
  esac
}
complete -F _bulkhead bulkhead
`;
}

function valueCases(command: CommandSpec): readonly string[] {
  return optionsOf(command).flatMap((option) => {
    const { short, long, takesValue } = flagsOf(option);
    const values = valuesOf(option, command);
    if (!takesValue) return [];
    const pattern = [short, long].filter((flag) => flag !== null).map((flag) => `'${command.name} ${flag}'`);
    const words = values === 'path' ? '-f' : `-W '${(values ?? []).join(' ')}'`;
    const filenames = values === 'path' ? 'compopt -o filenames; ' : '';
    return [`    ${pattern.join('|')}) ${filenames}COMPREPLY=($(compgen ${words} -- "$cur")); return ;;`];
  });
}

function names(command: CommandSpec): string {
  return [...optionsOf(command).map((option) => flagsOf(option).long), '--help'].join(' ');
}
