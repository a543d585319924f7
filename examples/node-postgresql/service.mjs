import { once } from 'node:events';
import { createServer } from 'node:http';
import pg from 'pg';

/** More than the base load needs while every query waits a quarter of a second. */
const CONNECTIONS = 20;
const PATIENCE_MS = 1_000;
const AT_ONCE = 4;
const MOST_FAILURES = 10;

/**
 * Starts a small shop: `GET /orders/{n}` asks the database twice, first for the order and then for its lines; 503 when the database does not
 * answer in time. Returns where it listens and how to end it.
 */
export async function startService({ databaseUrl }) {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: CONNECTIONS,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: PATIENCE_MS,
    query_timeout: PATIENCE_MS,
  });
  // A connection may break while it is idle, and also between two queries of one request: unheard, that would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const server = createServer((request, response) => {
    orderOf(pool, Number(request.url.split('/').at(-1))).then(
      (order) => response.setHeader('content-type', 'application/json').end(JSON.stringify(order)),
      () => response.writeHead(503).end(),
    );
  }).listen(0, '127.0.0.1');
  // A connection that is closed between two requests would look like a failure of the service.
  server.keepAliveTimeout = 0;
  await once(server, 'listening');
  await warmUp(pool);
  return {
    port: server.address().port,
    async close() {
      server.close();
      server.closeAllConnections();
      await pool.end();
    },
  };
}

/** A connection that fails is destroyed: what a fault has hit is not used again. */
async function orderOf(pool, id) {
  const client = await pool.connect();
  let failure;
  try {
    const { rows } = await client.query('select customer from orders where id = $1', [id]);
    const lines = await client.query('select article, pieces from lines where order_id = $1', [id]);
    return { id, ...rows[0], lines: lines.rows };
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    client.release(failure);
  }
}

/** Opens all connections, a few at a time: a database on a busy machine takes a while to let them in. */
async function warmUp(pool) {
  const clients = [];
  for (let failures = 0; clients.length < CONNECTIONS;) {
    const opened = await Promise.allSettled(Array.from({ length: AT_ONCE }, () => pool.connect()));
    clients.push(...opened.flatMap(({ value }) => value ?? []));
    const refused = opened.find(({ status }) => status === 'rejected');
    if (refused && (failures += 1) > MOST_FAILURES) throw refused.reason;
  }
  for (const client of clients) client.release();
}

/** Makes the tables and fills them with so many orders. */
export async function createShop(databaseUrl, orders) {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 15_000 });
  try {
    await client.connect();
    await client.query(`
      create table orders (id integer primary key, customer text not null);
      create table lines (order_id integer references orders, article text not null, pieces integer not null);
      create index on lines (order_id);
      insert into orders select n, 'customer ' || n from generate_series(1, ${orders}) n;
      insert into lines select n, 'article ' || m, m from generate_series(1, ${orders}) n, generate_series(1, 3) m;
      analyze`);
  } finally {
    await client.end();
  }
}
