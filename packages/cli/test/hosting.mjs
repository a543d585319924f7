// Runs one command line after another in this process, which has loaded the command already. Told over its channel.
import { loadBundle } from '../bin/bundle.js';

const { main } = loadBundle();

const listened = [process, process.stdout];

process.on('message', (order) => void run(order));

async function run({ args, env }) {
  const before = listened.map((emitter) => new Set(all(emitter)));
  Object.assign(process.env, env);
  const told = { stdout: '', stderr: '' };
  const writes = ['stdout', 'stderr'].map((name) => {
    const { write } = process[name];
    process[name].write = (text, ...more) => {
      told[name] += typeof text === 'string' ? text : Buffer.from(text).toString();
      more.find((one) => typeof one === 'function')?.();
      return true;
    };
    return () => (process[name].write = write);
  });
  const code = await main(args);
  for (const restore of writes) restore();
  for (const name of Object.keys(env)) delete process.env[name];
  // What a command listens to ends with its process, as a rule.
  for (const [at, emitter] of listened.entries())
    for (const [name, listener] of all(emitter)) if (!has(before[at], name, listener)) emitter.off(name, listener);
  process.send({ code, ...told });
}

function all(emitter) {
  return emitter.eventNames().flatMap((name) => emitter.rawListeners(name).map((listener) => [name, listener]));
}

function has(pairs, name, listener) {
  return [...pairs].some(([n, l]) => n === name && l === listener);
}
