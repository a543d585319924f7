import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  describeTarget,
  documentIdOf,
  EXIT,
  HiveError,
  type Channel,
  type Client,
  type DocumentInput,
  type Maintenance,
  type Rule,
  type Schedule,
} from '@hive/contract';
import { writeDocument } from '@hive/engine';
import type { Command } from 'commander';
import { addAskingOptions, ask, type AskingOptions } from '../asking.js';

const EXAMPLES = `
Examples:
  hive export hive/                 what is there, as files for hive apply
  hive export hive/ --force         also over files that are there

It goes to the running Hive. Secrets are in no file: docs/as-code.md says what takes their place.`;

interface ExportOptions extends AskingOptions {
  force?: boolean;
}

export function define(command: Command, done: (exitCode: number) => void): void {
  command
    .argument('<dir>', 'folder for the files; it is made')
    .option('--force', 'write over files that are there')
    .addHelpText('after', EXAMPLES)
    .action(async (dir: string, options: ExportOptions) => done(await exportAll(dir, options)));
  addAskingOptions(command);
}

async function exportAll(dir: string, { force = false, ...options }: ExportOptions): Promise<number> {
  const { client, show } = await ask(options);
  const documents = await documentsOf(client);
  const files = documents.map((document) => ({
    path: join(dir, document.kind, `${document.id}.yaml`),
    document,
  }));
  for (const { path, document } of files) await write(path, document, force);
  show({ files: files.map(({ path }) => path) }, [`Wrote ${files.length} files to ${dir}.`]);
  return EXIT.passed;
}

/** Everything that files can describe; maintenance that is over is left out. */
async function documentsOf(client: Client): Promise<DocumentInput[]> {
  const { schedules } = await client.call('listSchedules');
  const { rules } = await client.call('listRules');
  const { channels } = await client.call('listChannels');
  const { maintenance } = await client.call('listMaintenance');
  const targets: DocumentInput[] = [];
  for (let after: string | undefined; ;) {
    const page = await client.call('listTargets', { query: { after } });
    for (const target of page.targets) targets.push({ kind: 'target', id: target.id, spec: describeTarget(target) });
    if (page.next === null) break;
    after = page.next;
  }
  const now = Date.now();
  return [
    ...targets,
    ...channels.map(ofChannel),
    ...schedules.map(ofSchedule),
    ...rules.map(ofRule),
    ...maintenance.filter(({ to }) => Date.parse(to) > now).map(ofMaintenance),
  ];
}

function ofChannel({
  id,
  createdAt: _made,
  changedAt: _changed,
  set: _set,
  managedBy: _of,
  lastWeekly: _mail,
  name,
  ...rest
}: Channel): DocumentInput {
  const spec = { ...rest, ...(name !== null && { name }) } as Extract<DocumentInput, { kind: 'channel' }>['spec'];
  return { kind: 'channel', id, spec };
}

function ofSchedule({ id, target, what, when, timeZone, on }: Schedule): DocumentInput {
  return { kind: 'schedule', id: documentIdOf('schedule', id), spec: { target, what, when, timeZone, on } };
}

function ofRule({ id, createdAt: _made, changedAt: _changed, target, remindMinutes, ...rest }: Rule): DocumentInput {
  const spec = { ...rest, ...(target !== null && { target }), ...(remindMinutes !== null && { remindMinutes }) };
  return { kind: 'rule', id: documentIdOf('rule', id), spec };
}

function ofMaintenance({ id, target, from, to, reason }: Maintenance): DocumentInput {
  const spec = { ...(target !== null && { target }), from, to, reason };
  return { kind: 'maintenance', id: documentIdOf('maintenance', id), spec };
}

async function write(path: string, document: DocumentInput, force: boolean): Promise<void> {
  const text = await writeDocument(document);
  mkdirSync(join(path, '..'), { recursive: true });
  try {
    writeFileSync(path, text, { flag: force ? 'w' : 'wx' });
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unwritable';
    throw new HiveError('validation', `${path} cannot be written (${code})`, {
      hint: code === 'EEXIST' ? 'choose another folder, or write over it with --force' : 'choose another folder',
      cause,
    });
  }
}
