import { EXIT } from '@hive/contract';
import { Argument, type Command } from 'commander';
import { bashCompletion } from '../completion/bash.js';
import { fishCompletion } from '../completion/fish.js';
import { completedCommands, type CompletedCommand } from '../completion/table.js';
import { zshCompletion } from '../completion/zsh.js';

const SHELLS: Readonly<Record<string, (commands: readonly CompletedCommand[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

const EXAMPLES = `
Examples:
  echo 'eval "$(hive completion bash)"' >> ~/.bashrc
  echo 'source <(hive completion zsh)' >> ~/.zshrc        after compinit
  hive completion fish > ~/.config/fish/completions/hive.fish`;

export function define(command: Command, done: (exitCode: number) => void): void {
  command
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SHELLS)))
    .addHelpText('after', EXAMPLES)
    .action((shell: string) => {
      process.stdout.write(SHELLS[shell]!(completedCommands(command.parent!)));
      done(EXIT.passed);
    });
}
