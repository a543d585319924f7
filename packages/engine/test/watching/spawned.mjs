/** A process to be watched: does what it is told over its channel, and answers when it is done. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const kept = [];
let child;
const ask = (message) =>
  new Promise((resolve) => {
    child.once('message', resolve);
    child.send(message);
  });

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

const orders = {
  hold: (bytes) => void kept.push(Buffer.alloc(bytes, 1)),
  burn(ms) {
    const until = cpuMs() + ms;
    while (cpuMs() < until);
    return cpuMs();
  },
  async open(count) {
    const { openSync } = await import('node:fs');
    for (let index = 0; index < count; index++) kept.push(openSync(fileURLToPath(import.meta.url)));
  },
  child: async () => {
    child = fork(fileURLToPath(import.meta.url));
    await new Promise((resolve) => child.once('message', resolve));
  },
  inChild: ([order, value]) => ask([order, value]),
  endChild: async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.disconnect();
    await ended;
  },
};

process.on('message', ([order, value]) => {
  void Promise.resolve(orders[order](value)).then((answer) => process.send({ answer }));
});
process.on('disconnect', () => process.exit(0));
process.send({ ready: true });
