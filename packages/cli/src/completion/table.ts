import type { Argument, Command, Option } from 'commander';

/** What may follow an option or stand as an argument: one of a list, a path, or something that only the user knows. */
export type Value = { oneOf: readonly string[] } | 'directory' | 'file' | 'free';

/** An option of a command as a shell completes it. */
export interface CompletedOption {
  /** As typed, such as `-c` and `--connections`. */
  names: readonly string[];
  does: string;
  /** Null: a switch. */
  value: Value | null;
}

/** A command as a shell completes it. */
export interface CompletedCommand {
  name: string;
  does: string;
  options: readonly CompletedOption[];
  /** What its arguments may be; null: it takes none. */
  argument: Value | null;
}

const HELP: CompletedOption = { names: ['-h', '--help'], does: 'show how to use it', value: null };

/** What can be typed after `hive`, from the commands as they are defined. */
export function completedCommands(program: Command): CompletedCommand[] {
  return program.commands.map((command) => ({
    name: command.name(),
    does: command.description(),
    options: [...command.options.filter(({ hidden }) => !hidden).map(optionOf), HELP],
    argument: argumentOf(command.registeredArguments),
  }));
}

function optionOf(option: Option): CompletedOption {
  const names = [option.short, option.long].filter((name) => name !== undefined && name !== null);
  return { names, does: option.description, value: valueOf(option) };
}

/** By its list of values, else by the name of its placeholder. */
function valueOf({ flags, argChoices }: Option): Value | null {
  if (argChoices !== undefined) return { oneOf: argChoices };
  const placeholder = /[<[]([^>\]]+)[>\]]/.exec(flags)?.[1];
  if (placeholder === undefined) return null;
  if (placeholder === 'dir') return 'directory';
  return /^(?:file|path)\b/.test(placeholder) ? 'file' : 'free';
}

function argumentOf([first]: readonly Argument[]): Value | null {
  if (first === undefined) return null;
  // Whatever else an argument may be, such as a URL, it can be a file.
  return first.argChoices === undefined ? 'file' : { oneOf: first.argChoices };
}
