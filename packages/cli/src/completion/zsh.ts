import type { CompletedCommand, CompletedOption, Value } from './table.js';

/** A script for zsh: to be sourced, or kept as `_hive` in a folder of `fpath`. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const described = commands.map(({ name, does }) => `    ${quoted(`${name}:${does}`)}`);
  return `#compdef hive
# Completion of hive for zsh: source <(hive completion zsh)
_hive() {
  local -a commands
  commands=(
${described.join('\n')}
    'help:show how to use a command'
  )
  if (( CURRENT == 2 )); then
    _describe -t commands command commands
    _arguments '--help[show how to use it]' '--version[show the version]'
    return
  fi
  local command=$words[2]
  (( CURRENT -= 1 ))
  shift words
  case $command in
${commands.map(caseOf).join('\n')}
  help) _describe -t commands command commands ;;
  esac
}
if [ "$funcstack[1]" = _hive ]; then _hive "$@"; else compdef _hive hive; fi
`;
}

function caseOf({ name, options, argument }: CompletedCommand): string {
  const specs = [...options.flatMap(specsOf), ...(argument === null ? [] : [quoted(`*:argument:${action(argument)}`)])];
  return `  ${name})\n    _arguments \\\n      ${specs.join(' \\\n      ')}\n    ;;`;
}

function specsOf({ names, does, value }: CompletedOption): string[] {
  const said = does.replaceAll(/[[\]:\\]/g, String.raw`\$&`);
  return names.map((name) => quoted(`*${name}[${said}]${value === null ? '' : `:value:${action(value)}`}`));
}

function action(value: Value): string {
  if (value === 'free') return ' ';
  if (value === 'file') return '_files';
  return value === 'directory' ? '_files -/' : `(${value.oneOf.join(' ')})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
