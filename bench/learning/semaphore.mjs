/**
 * A server that is no practice target: so many slots, exponential service times by plain timers, which are late now and then. `/held` answers with
 * every time that a slot was really held, ms. Usage: node bench/learning/semaphore.mjs --slots 6 --mean 30. Prints its address.
 */
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { randomOf } from './random.mjs';

const { values } = parseArgs({
  options: {
    slots: { type: 'string', default: '6' },
    mean: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
  },
});
const random = randomOf(Number(values.seed));
const waiting = [];
const held = [];
let free = Number(values.slots);

function serve(response) {
  const startedAt = performance.now();
  setTimeout(
    () => {
      response.end('ok\n');
      held.push(performance.now() - startedAt);
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else serve(next);
    },
    -Number(values.mean) * Math.log(random()),
  );
}

const server = createServer((request, response) => {
  if (request.url === '/held') response.end(JSON.stringify(held.map((ms) => Number(ms.toFixed(3)))));
  else if (free > 0) {
    free -= 1;
    serve(response);
  } else waiting.push(response);
});
// A connection that is closed while it rests would look like a failure of the service.
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}/\n`));
process.on('SIGTERM', () => process.exit(0));
