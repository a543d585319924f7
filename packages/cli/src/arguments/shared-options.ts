import { KIND_LABELS, KINDS } from '@hive/contract';
import type { Command } from 'commander';
import { objectiveOption, repeated } from './option.js';
import { headerOption } from './request.js';

/** Options every command has. */
export interface SharedOptions {
  data?: string;
  json?: boolean;
  quiet?: boolean;
}

export function addSharedOptions(command: Command): Command {
  return command
    .option('--data <dir>', 'directory for results (default: HIVE_DATA, else .hive)')
    .option('--json', 'print only JSON on stdout')
    .option('--quiet', 'hide progress');
}

/** Options of the commands that send requests. */
export function addRequestOptions(command: Command): Command {
  return command
    .option('-X, --request <method>', 'HTTP method; -X POST gives permission to write to the service')
    .option('-H, --header <header>', "request header 'Name: value', repeatable", headerOption)
    .option('--body <text>', 'request body, or @FILE')
    .option(
      '--objective <objective>',
      "what to judge by, such as 'p(99)<250' or 'rate<0.01', repeatable",
      objectiveOption,
    )
    .option('--unix-socket <path>', 'connect through this unix socket; the URL still gives host and path, as with curl')
    .option('--insecure', 'accept invalid TLS certificates');
}

/** `--report FILE` of the commands that measure: the format is that of the name. */
export function addReportOption(command: Command): Command {
  return command.option(
    '--report <file>',
    'write a report when it has ended; .html, .pdf, .md, .json, .csv, .xml (JUnit), … by name, repeatable',
    repeated((path) => path),
  );
}

/** The kinds with their labels and questions, for the help of commands that take kinds. */
export function kindsHelp(): string {
  const lines = KINDS.map((kind) => {
    const { label, asks } = KIND_LABELS[kind];
    return `  ${kind.padEnd(20)} ${label.padEnd(18)} ${asks}`;
  });
  return ['', 'Kinds:', ...lines].join('\n');
}
