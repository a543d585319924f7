import type { CompletedCommand, CompletedOption, Value } from './table.js';

/** A script for fish. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap((command) => [
    `complete -c hive -n __fish_use_subcommand -a ${command.name} -d ${quoted(command.does)}`,
    ...command.options.map((option) => optionLine(command.name, option)),
    ...(command.argument === null ? [] : [`complete -c hive -n ${seen(command.name)} ${argument(command.argument)}`]),
  ]);
  const names = commands.map(({ name }) => name).join(' ');
  return `# Completion of hive for fish: hive completion fish | source
complete -c hive -f
complete -c hive -n __fish_use_subcommand -a help -d 'show how to use a command'
complete -c hive -n __fish_use_subcommand -l version -d 'show the version'
complete -c hive -n ${seen('help')} -a ${quoted(names)}
${lines.join('\n')}
`;
}

function optionLine(command: string, { names, does, value }: CompletedOption): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const taken = value === null ? [] : [`-r ${argument(value)}`];
  return ['complete -c hive -n', seen(command), ...flags, ...taken, '-d', quoted(does)].join(' ');
}

function argument(value: Value): string {
  if (value === 'file') return '-F';
  if (value === 'directory') return "-f -a '(__fish_complete_directories)'";
  return value === 'free' ? '-f' : `-f -a ${quoted(value.oneOf.join(' '))}`;
}

function seen(command: string): string {
  return quoted(`__fish_seen_subcommand_from ${command}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
}
