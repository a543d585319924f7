import { KIND_LABELS, KINDS } from '@hive/contract';
import { Option, type Command } from 'commander';
import { labelOption, objectiveOption, repeated } from './option.js';
import { outputOption, type Output } from '../outputs.js';
import type { ReportsAsked } from '../reporting.js';
import { headerOption, userOption } from './request.js';

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
    .option('--body <text>', 'request body; @FILE and @- (stdin) are sent byte for byte')
    .option(
      '--objective <objective>',
      "what to judge by, such as 'p(99)<250' or 'rate<0.01', repeatable",
      objectiveOption,
    )
    .option('--unix-socket <path>', 'connect through this unix socket; the URL still gives host and path, as with curl')
    .option('-k, --insecure', 'accept invalid TLS certificates')
    .option('--cert <file>', 'client certificate (PEM), for services that want one')
    .option('--key <file>', 'private key of the client certificate (default: in the same file)')
    .option('--cacert <file>', 'verify with the authorities in this file (PEM)')
    .option(
      '--connect-to <host:port:host2:port2>',
      'connect to HOST2:PORT2 in place of HOST:PORT, repeatable; the address must be allowed itself',
      repeated((rule) => rule),
    )
    .option('-u, --user <user:password>', 'send this user and password (Basic authentication)', userOption)
    .option('--no-keepalive', 'use a new connection for each request')
    .addOption(new Option('-L, --location').hideHelp());
}

/** `--label branch=main`, repeatable, of the commands that keep what they measure. */
export function addLabelOption(command: Command): Command {
  return command.option('--label <name=value>', 'mark the session, such as branch=main, repeatable', labelOption);
}

/** `--report FILE` of the commands that measure: the format is that of the name. */
export function addReportOption(command: Command): Command {
  return command
    .option(
      '--report <file>',
      'write a report when it has ended; .html, .pdf, .md, .json, .csv, .xml (JUnit), … by name, repeatable',
      repeated((path) => path),
    )
    .option('--github', 'add the report to the job summary of GitHub Actions, and annotations to its log')
    .option('--gitlab', 'write hive-junit.xml and hive-metrics.prom for GitLab CI')
    .option(
      '--out <output>',
      'send each second to FILE.csv, csv=FILE or otlp=URL while it runs, repeatable',
      outputOption,
    );
}

/** What `addReportOption` takes. */
export interface ReportOptions extends ReportsAsked {
  out?: Output[];
}

/** The kinds with their labels and questions, for the help of commands that take kinds. */
export function kindsHelp(): string {
  const lines = KINDS.map((kind) => {
    const { label, asks } = KIND_LABELS[kind];
    return `  ${kind.padEnd(20)} ${label.padEnd(18)} ${asks}`;
  });
  return ['', 'Kinds:', ...lines].join('\n');
}
