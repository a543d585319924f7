import { createServer } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

// A server in a thread of its own, so that nobody else's work delays it. It answers after what it is told, and logs for every request
// when it came and how long it really took it to answer, on its own clock.
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const { freeze, delays } = workerData;
let log = [];
let firstMs = null;

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => undefined);
  socket.on('data', () => {
    const cameMs = performance.now();
    firstMs ??= cameMs;
    const index = log.push(null) - 1;
    const frozenUntilMs = freeze ? firstMs + freeze.afterMs + freeze.forMs : 0;
    const frozen = freeze && cameMs < frozenUntilMs && cameMs + delays[0] >= firstMs + freeze.afterMs;
    const dueMs = (frozen ? frozenUntilMs : cameMs) + delays[index % delays.length];
    const answer = () => {
      const nowMs = performance.now();
      // Timers have a grain of a millisecond; what is logged is what was done, so the grain does not matter.
      if (nowMs < dueMs - 1) return setTimeout(answer, dueMs - nowMs);
      log[index] = { cameMs, tookMs: nowMs - cameMs };
      return socket.write(ANSWER);
    };
    setTimeout(answer, dueMs - cameMs);
  });
});
server.listen(0, '127.0.0.1', () => parentPort.postMessage({ port: server.address().port }, []));
parentPort.on('message', () => {
  parentPort.postMessage({ log: log.filter((one) => one !== null) }, []);
  log = [];
  firstMs = null;
});
