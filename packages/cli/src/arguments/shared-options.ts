import type { Command } from 'commander';
import { objectiveOption } from './option.js';
import { headerOption } from './request.js';

/** Options every command has. */
export interface SharedOptions {
  data?: string;
  json?: boolean;
  quiet?: boolean;
}

export function addSharedOptions(command: Command): Command {
  return command
    .option('--data <dir>', 'where results are kept (default: HIVE_DATA, else .hive)')
    .option('--json', 'print machine output alone on stdout')
    .option('--quiet', 'no progress');
}

/** Options of the commands that send requests. */
export function addRequestOptions(command: Command): Command {
  return command
    .option('-X, --request <method>', 'HTTP method; -X POST is your permission to write to the service')
    .option('-H, --header <header>', "'Name: value', repeatable", headerOption)
    .option('--body <text>', 'the request body, or @FILE')
    .option('--objective <objective>', "such as 'p(99)<250' or 'rate<0.01', repeatable", objectiveOption)
    .option('--unix-socket <path>', 'connect through this unix socket; the URL gives host and path, as with curl')
    .option('--insecure', 'accept TLS certificates that do not verify');
}
