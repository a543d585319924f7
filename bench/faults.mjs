// What the fault proxy costs: throughput and added delay of a link without faults and with some, against no proxy at all; how exact its
// latency and bandwidth are; and many connections at once.
// Run after `npm run build`: node bench/faults.mjs [rounds]. Source, proxy and sink are processes of their own.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

const BYTES = 1024 ** 3;
const PINGS = 5_000;
const CONNECTIONS = 2_000;
const LATENCY = { latency: 40, jitter: 15 };
const RATES = [50, 1_000, 20_000, 100_000];
const RATE_SECONDS = 4;
const CASES = {
  direct: null,
  'Node pipe': 'pipe',
  'empty chain': [],
  'latency 0': [{ type: 'latency', stream: 'upstream' }],
  'slicer 16 KB': [{ type: 'slicer', stream: 'upstream', attributes: { average_size: 16_000, size_variation: 8_000 } }],
};

const print = (line) => process.stdout.write(`${line}\n`);
const quantile = (values, share) => values.toSorted((a, b) => a - b)[Math.floor(values.length * share)];
const median = (values) => quantile(values, 0.5);

/** Reads everything and tells its parent the bytes; answers single bytes with a byte. */
async function sink() {
  let count = 0;
  let wanted = BYTES;
  process.on('message', (bytes) => (wanted = bytes));
  const server = createServer({ noDelay: true }, (socket) => {
    count = 0;
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      count += chunk.length;
      if (chunk.length === 1) socket.write(chunk);
      if (count < wanted) return;
      wanted = Infinity;
      process.send({ done: true });
    });
  });
  server.listen(0, '127.0.0.1', () => process.send({ address: `127.0.0.1:${server.address().port}` }));
}

/** A proxy as programs ask for it, over the interface of `hive proxy`. */
async function proxy(upstream, toxics) {
  const { startFaultApi } = await import('@hive/engine');
  const api = await startFaultApi({ port: 0, populate: [{ name: 'link', listen: '127.0.0.1:0', upstream }] });
  for (const toxic of toxics) {
    const answer = await fetch(`${api.url}/proxies/link/toxics`, { method: 'POST', body: JSON.stringify(toxic) });
    if (!answer.ok) throw new Error(await answer.text());
  }
  tellUse();
  process.send({ address: api.proxies()[0].listen });
}

/** The least that a proxy in Node can be: two sockets, each piped into the other. */
function pipe(upstream) {
  const server = createServer({ noDelay: true }, (client) => {
    const other = connect({ port: Number(upstream.split(':')[1]), host: '127.0.0.1', noDelay: true });
    for (const socket of [client, other]) socket.on('error', () => undefined);
    client.pipe(other).pipe(client);
  });
  tellUse();
  server.listen(0, '127.0.0.1', () => process.send({ address: `127.0.0.1:${server.address().port}` }));
}

function tellUse() {
  process.on('message', () => process.send({ cpu: process.cpuUsage(), rss: process.memoryUsage.rss() }));
}

async function start(role, ...args) {
  const child = fork(fileURLToPath(import.meta.url), [role, ...args]);
  const [{ address }] = await once(child, 'message');
  return { child, address };
}

async function dial(address) {
  const socket = connect({ port: Number(address.split(':')[1]), host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
}

/** Seconds of processor time that a proxy has used, and its resident memory, bytes. */
async function used(child) {
  child.send('used');
  const [{ cpu, rss }] = await once(child, 'message');
  return { seconds: (cpu.user + cpu.system) / 1e6, rss };
}

/** Seconds until so many bytes have arrived at the other end. */
async function send(address, { child, bytes }) {
  const socket = await dial(address);
  const block = Buffer.alloc(256 * 1024, 7);
  child.send(bytes);
  const startMs = performance.now();
  const done = once(child, 'message');
  for (let left = bytes; left > 0; left -= block.length) {
    if (!socket.write(left < block.length ? block.subarray(0, left) : block))
      await Promise.race([once(socket, 'drain'), done]);
  }
  await done;
  socket.destroy();
  return (performance.now() - startMs) / 1_000;
}

/** Round trips of single bytes one after another, µs; the first tenth is warm-up. */
async function pings(address, count) {
  const socket = await dial(address);
  const times = [];
  for (let number = 0; number < count; number++) {
    const startMs = performance.now();
    socket.write('x');
    await once(socket, 'data');
    times.push((performance.now() - startMs) * 1_000);
  }
  socket.destroy();
  return times.slice(count / 10);
}

/** Starts a sink and, unless `toxics` is null, a proxy before it; ends them when `measure` is done. */
async function through(toxics, measure) {
  const target = await start('sink');
  const link =
    toxics &&
    (await (toxics === 'pipe'
      ? start('pipe', target.address)
      : start('proxy', target.address, JSON.stringify(toxics))));
  try {
    return await measure({ address: (link ?? target).address, sink: target.child, proxy: link?.child });
  } finally {
    for (const child of [target.child, link?.child]) child?.kill();
  }
}

async function costs(rounds) {
  const results = Object.fromEntries(Object.keys(CASES).map((name) => [name, { rate: [], micros: [], cpu: [] }]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, toxics] of Object.entries(CASES)) {
      await through(toxics, async ({ address, sink: child, proxy: link }) => {
        results[name].micros.push(median(await pings(address, PINGS)));
        const before = link ? (await used(link)).seconds : 0;
        results[name].rate.push(BYTES / 1e6 / (await send(address, { child, bytes: BYTES })));
        results[name].cpu.push(link ? ((await used(link)).seconds - before) * 1_000 : 0);
      });
    }
  }
  const direct = median(results.direct.micros);
  for (const [name, { rate, micros, cpu }] of Object.entries(results)) {
    const all = (values) => `${Math.round(median(values))} (${values.map(Math.round).join(', ')})`;
    const added = Math.round((median(micros) - direct) / 2);
    print(
      `${name.padEnd(13)} ${all(rate)} MB/s, ${all(cpu)} ms CPU a GiB; p50 ${all(micros)} µs, added one way ${added}, there and back ${added * 2}`,
    );
  }
}

async function exactness() {
  const ms = await through([{ type: 'latency', stream: 'upstream', attributes: LATENCY }], async ({ address }) =>
    (await pings(address, 500)).map((micros) => micros / 1_000),
  );
  const shown = [0, 0.5, 0.98, 0.999].map((share) => quantile(ms, share).toFixed(1));
  print(`latency ${LATENCY.latency} ± ${LATENCY.jitter} ms: least, p50, p98, greatest ${shown.join(', ')} ms`);
  for (const rate of RATES) {
    const bytes = rate * 1_000 * RATE_SECONDS;
    const toxics = [{ type: 'bandwidth', stream: 'upstream', attributes: { rate } }];
    const seconds = await through(toxics, ({ address, sink: child }) => send(address, { child, bytes }));
    const seen = bytes / 1_000 / seconds;
    print(`bandwidth ${rate} KB/s: ${seen.toFixed(1)} KB/s, ${((seen / rate - 1) * 100).toFixed(2)} %`);
  }
}

/** All open at once; each sends a byte ten times and has it back. */
async function connections() {
  await through([], async ({ address, proxy: link }) => {
    const startMs = performance.now();
    const sockets = await Promise.all(Array.from({ length: CONNECTIONS }, () => dial(address)));
    const openMs = performance.now() - startMs;
    const answered = await Promise.all(
      sockets.map(async (socket) => {
        for (let count = 0; count < 10; count++) {
          socket.write('x');
          await once(socket, 'data');
        }
        return 10;
      }),
    );
    const total = answered.reduce((sum, count) => sum + count, 0);
    const { rss } = await used(link);
    print(
      `${CONNECTIONS} connections: open after ${Math.round(openMs)} ms, ${total} of ${CONNECTIONS * 10} answers after ${Math.round(performance.now() - startMs)} ms, proxy ${Math.round(rss / 2 ** 20)} MiB`,
    );
    for (const socket of sockets) socket.destroy();
  });
}

async function main(rounds) {
  print(`${cpus().length} × ${cpus()[0].model}, Node ${process.version}, ${rounds} rounds, median (all)`);
  await costs(rounds);
  await exactness();
  await connections();
}

const [role, ...args] = process.argv.slice(2);
if (role === 'sink') await sink();
else if (role === 'pipe') pipe(args[0]);
else if (role === 'proxy') await proxy(args[0], JSON.parse(args[1]));
else await main(Number(role ?? 3));
