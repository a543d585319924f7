// What the fault proxy costs: throughput and added delay of a link without faults and with some, against no proxy at all.
// Run after `npm run build`: node bench/faults.mjs [rounds]. Source, proxy and sink are processes of their own.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

const BYTES = 1024 ** 3;
const PINGS = 5_000;
const CASES = {
  direct: null,
  'empty chain': [],
  'latency 0': [{ type: 'latency' }],
  'slicer 16 KB': [{ type: 'slicer', stream: 'upstream', attributes: { average_size: 16_000, size_variation: 8_000 } }],
};

const print = (line) => process.stdout.write(`${line}\n`);
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Reads everything and tells its parent the bytes; answers single bytes with a byte. */
async function sink() {
  let count = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    count = 0;
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      count += chunk.length;
      if (chunk.length === 1) socket.write(chunk);
      if (count >= BYTES) process.send({ done: true });
    });
  });
  server.listen(0, '127.0.0.1', () => process.send({ address: `127.0.0.1:${server.address().port}` }));
}

async function proxy(upstream, toxics) {
  const { createProxy } = await import('../packages/engine/dist/faults/proxy.js');
  const running = await createProxy({ upstream });
  for (const toxic of toxics) running.addToxic(toxic);
  process.on('message', () => process.send({ cpu: process.cpuUsage() }));
  process.send({ address: running.listen });
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

/** Seconds of processor time that a proxy has used. */
async function used(child) {
  child.send('cpu');
  const [{ cpu }] = await once(child, 'message');
  return (cpu.user + cpu.system) / 1e6;
}

async function throughput(address, child) {
  const socket = await dial(address);
  const block = Buffer.alloc(256 * 1024, 7);
  const startMs = performance.now();
  const done = once(child, 'message');
  for (let left = BYTES; left > 0; left -= block.length) {
    if (!socket.write(block)) await once(socket, 'drain');
  }
  await done;
  const seconds = (performance.now() - startMs) / 1_000;
  socket.destroy();
  return BYTES / 1e6 / seconds;
}

async function delay(address) {
  const socket = await dial(address);
  const times = [];
  for (let count = 0; count < PINGS; count++) {
    const startMs = performance.now();
    socket.write('x');
    await once(socket, 'data');
    times.push((performance.now() - startMs) * 1_000);
  }
  socket.destroy();
  return median(times.slice(PINGS / 10));
}

async function main(rounds) {
  print(`${cpus().length} × ${cpus()[0].model}, Node ${process.version}, ${rounds} rounds, median (all)`);
  const results = Object.fromEntries(Object.keys(CASES).map((name) => [name, { rate: [], micros: [], cpu: [] }]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, toxics] of Object.entries(CASES)) {
      const target = await start('sink');
      const link = toxics && (await start('proxy', target.address, JSON.stringify(toxics)));
      const address = (link ?? target).address;
      results[name].micros.push(await delay(address));
      const before = link ? await used(link.child) : 0;
      results[name].rate.push(await throughput(address, target.child));
      results[name].cpu.push(link ? ((await used(link.child)) - before) * 1_000 : 0);
      for (const child of [target.child, link?.child]) child?.kill();
    }
  }
  const direct = median(results.direct.micros);
  for (const [name, { rate, micros, cpu }] of Object.entries(results)) {
    const all = (values) => `${Math.round(median(values))} (${values.map(Math.round).join(', ')})`;
    const added = Math.round((median(micros) - direct) / 2);
    print(
      `${name.padEnd(13)} ${all(rate)} MB/s, ${all(cpu)} ms CPU a GiB; p50 ${all(micros)} µs, added one way ${added}`,
    );
  }
}

const [role, ...args] = process.argv.slice(2);
if (role === 'sink') await sink();
else if (role === 'proxy') await proxy(args[0], JSON.parse(args[1]));
else await main(Number(role ?? 3));
