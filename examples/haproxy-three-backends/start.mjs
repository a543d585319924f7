// HAProxy over three backends, one of them slow or down. `node examples/haproxy-three-backends/start.mjs --slow c --balance leastconn`
import { parseArgs } from 'node:util';
import { freePorts, program, runExample } from '../example.mjs';
import { startBackend } from './backend.mjs';
import { limitOf } from './limit.mjs';

const SLOTS = 4;
const SERVICE_MS = 20;
/** So many times as slow as the others. */
const SLOW_FACTOR = 4;
const NAMES = ['a', 'b', 'c'];
/** HAProxy's names and Hive's. */
const BALANCES = { roundrobin: 'round_robin', leastconn: 'least_connections' };

const { values } = parseArgs({
  options: { slow: { type: 'string' }, down: { type: 'string' }, balance: { type: 'string', default: 'roundrobin' } },
});
for (const [option, name, known] of [
  ['--slow', values.slow, NAMES],
  ['--down', values.down, NAMES],
  ['--balance', values.balance, Object.keys(BALANCES)],
]) {
  if (name !== undefined && !known.includes(name))
    throw new Error(`${option} ${name}: write one of ${known.join(', ')}`);
}

await runExample(import.meta.dirname, async (stage) => {
  const haproxy = program('haproxy');
  const [port, ...ports] = await freePorts(1 + NAMES.length);
  const up = NAMES.filter((name) => name !== values.down);
  const msOf = (name) => (name === values.slow ? SLOW_FACTOR : 1) * SERVICE_MS;
  for (const name of up) {
    stage.atEnd(await startBackend({ port: ports[NAMES.indexOf(name)], slots: SLOTS, serviceMs: msOf(name) }));
  }
  await stage.fill('hive.yaml', { port, hiveBalance: BALANCES[values.balance] });
  const [portA, portB, portC] = ports;
  const config = await stage.fill('haproxy.cfg', { port, portA, portB, portC, balance: values.balance });
  await stage.run(haproxy, ['-db', '-f', config], [port]);
  const servicesMs = up.map(msOf);
  const capacity = servicesMs.reduce((sum, serviceMs) => sum + (1_000 / serviceMs) * SLOTS, 0);
  const limit = limitOf({ servicesMs, slots: SLOTS, balance: values.balance });
  return {
    kinds: ['load_balancing'],
    says: [
      `${up.length} backends can serve ${capacity} requests/s together.`,
      `With ${values.balance} one of them, or all, are too slow from ${Math.round(limit)}/s.`,
    ],
  };
});
