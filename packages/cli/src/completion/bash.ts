import type { CompletedCommand, Value } from './table.js';

/** A script for bash 3.2 and newer. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const names = [...commands.map(({ name }) => name), 'help', '--help', '--version'];
  return `# Completion of hive for bash: eval "$(hive completion bash)"
_hive() {
  local cur=\${COMP_WORDS[COMP_CWORD]} command=\${COMP_WORDS[1]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  local IFS=$'\\n'
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    ${reply({ oneOf: names })}
    return
  fi
  case "$command $previous" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case "$cur" in
  -*)
    case "$command" in
${commands.map(({ name, options }) => `    ${name}) ${reply({ oneOf: options.flatMap((option) => option.names) })} ;;`).join('\n')}
    esac
    return
    ;;
  esac
  case "$command" in
${commands.flatMap(({ name, argument }) => (argument === null ? [] : [`  ${name}) ${reply(argument)} ;;`])).join('\n')}
  help) ${reply({ oneOf: commands.map(({ name }) => name) })} ;;
  esac
}
complete -F _hive hive
`;
}

function valueCases({ name, options }: CompletedCommand): string[] {
  return options.flatMap(({ names, value }) =>
    value === null ? [] : [`  ${names.map((option) => `'${name} ${option}'`).join(' | ')}) ${reply(value)}; return ;;`],
  );
}

/** What is offered for the word under the cursor. */
function reply(value: Value): string {
  if (value === 'free') return ':';
  // Names of files are then quoted where they must be, and directories get their slash.
  if (value === 'file' || value === 'directory')
    return `compopt -o filenames 2>/dev/null || :; COMPREPLY=($(compgen -${value === 'file' ? 'f' : 'd'} -- "$cur"))`;
  return `COMPREPLY=($(compgen -W $'${value.oneOf.join('\\n')}' -- "$cur"))`;
}
