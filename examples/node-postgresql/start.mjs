// A small service before PostgreSQL, with Hive's fault proxy between them. `node examples/node-postgresql/start.mjs`
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { freePorts, runExample } from '../example.mjs';
import { createShop, startService } from './service.mjs';

const HIVE = join(import.meta.dirname, '../../packages/cli/bin/hive.js');
const SERVER = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const ORDERS = 1_000;
/** A server that makes and drops databases for others may be slow to let one in. */
const CONNECTS_WITHIN_MS = 15_000;

await runExample(import.meta.dirname, async (stage) => {
  const database = `hive_example_${randomBytes(6).toString('hex')}`;
  await onServer(`create database ${database}`);
  stage.atEnd(() => onServer(`drop database if exists ${database} with (force)`));
  const direct = new URL(SERVER);
  direct.pathname = `/${database}`;
  await createShop(direct.href, ORDERS);

  const [proxyPort, databasePort] = await freePorts(2);
  const upstream = `${direct.hostname}:${direct.port || 5432}`;
  const proxies = join(stage.folder, 'proxies.json');
  await writeFile(proxies, JSON.stringify([{ name: 'postgresql', listen: `127.0.0.1:${databasePort}`, upstream }]));
  await stage.run(
    process.execPath,
    [HIVE, 'proxy', '--port', String(proxyPort), '--populate', proxies],
    [proxyPort, databasePort],
  );

  const proxied = new URL(direct);
  proxied.host = `127.0.0.1:${databasePort}`;
  const service = await startService({ databaseUrl: proxied.href });
  stage.atEnd(service.close);
  await stage.fill('hive.yaml', { port: service.port, upstream, proxyPort });
  return {
    kinds: ['network_latency', 'fault_tolerance'],
    says: [
      'Each answer takes two round trips to PostgreSQL: with 250 ms allowed, somewhat less than 125 ms may be added to each.',
    ],
  };
});

async function onServer(statement) {
  const client = new pg.Client({ connectionString: SERVER, connectionTimeoutMillis: CONNECTS_WITHIN_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(statement);
  } finally {
    await client.end();
  }
}
