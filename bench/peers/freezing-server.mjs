// Answers each request 5 ms after it came, and once stands still for a second: as in a long garbage collection, nothing at all happens
// meanwhile. The first request starts the clock. `/log` tells when the server stood still and how long it worked on each request.
import { createServer } from 'node:http';

const [port, serviceMs, freezeAfterMs, freezeMs] = process.argv.slice(2).map(Number);
const log = { startedMs: null, freeze: null, workedMs: [] };
const server = createServer((request, response) => {
  if (request.url === '/log') return void response.end(JSON.stringify(log));
  const arrivedMs = performance.now();
  if (log.startedMs === null) begin(arrivedMs);
  setTimeout(() => {
    response.writeHead(200, { 'content-length': 2 }).end('ok');
    log.workedMs.push(performance.now() - arrivedMs);
  }, serviceMs);
});

function begin(nowMs) {
  log.startedMs = nowMs;
  setTimeout(() => {
    const fromMs = performance.now() - log.startedMs;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, freezeMs);
    log.freeze = { fromMs, untilMs: performance.now() - log.startedMs };
  }, freezeAfterMs);
}

server.keepAliveTimeout = 0;
server.on('connection', (socket) => socket.on('error', () => undefined));
server.listen(port, '127.0.0.1');
