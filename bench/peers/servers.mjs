// The servers under test: nginx, plain and with a rate limit; gunicorn with two kinds of workers; and a server that stands still once.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../load/machine.mjs';
import { whereIs } from './stage.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const ANSWER = 'abcdefghijklmnopqrstuvwxyz';

/** Each starts a server on a free port and returns `{ url, end }`. */
export const SERVERS = {
  'nginx, 26 bytes': (stage) => nginx(stage, { location: `return 200 "${ANSWER}";` }),

  // nginx runs `return` before it asks limit_req, so the limited location must look for a file first.
  'nginx limit_req 300/s, burst 60': (stage) =>
    nginx(stage, {
      http: 'limit_req_zone $binary_remote_addr zone=one:1m rate=300r/s; limit_req_status 429;',
      location: `limit_req zone=one burst=60 nodelay; try_files /.none @ok; } location @ok { return 200 "${ANSWER}";`,
    }),

  'gunicorn, 2 sync workers, 8 ms': (stage) => gunicorn(stage, ['--workers', '2', '--worker-class', 'sync']),
  'gunicorn, 4 threads, 8 ms': (stage) =>
    gunicorn(stage, ['--workers', '1', '--worker-class', 'gthread', '--threads', '4']),
};

async function nginx(stage, { http = '', location }) {
  const port = await freePort();
  const { folder } = stage;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const file = stage.write(
    `nginx-${port}.conf`,
    `daemon off; master_process off; pid ${folder}/nginx-${port}.pid; error_log /dev/null;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 100000000; ${http}
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
  server { listen 127.0.0.1:${port} backlog=1024; root ${folder}; location / { ${location} } } }
`,
  );
  return served(stage, [need('nginx'), '-p', folder, '-c', file], port);
}

async function gunicorn(stage, workers) {
  const port = await freePort();
  const where = ['--chdir', HERE, '--bind', `127.0.0.1:${port}`, '--log-level', 'error'];
  return served(stage, [need('gunicorn'), ...workers, ...where, 'service:application'], port);
}

/** A server that stands still for `freezeMs`, `afterMs` after its first request; `log` tells what it did. */
export async function freezing(stage, { serviceMs, afterMs, freezeMs }) {
  const port = await freePort();
  const script = join(HERE, 'freezing-server.mjs');
  const { url, end } = await served(
    stage,
    [process.execPath, script, ...[port, serviceMs, afterMs, freezeMs].map(String)],
    port,
  );
  return { url, end, log: async () => (await fetch(`${url}log`)).json() };
}

async function served(stage, command, port) {
  const { end } = await stage.serve(command, port);
  return { url: `http://127.0.0.1:${port}/`, end };
}

function need(command) {
  const path = whereIs(command);
  if (path === null) throw new Error(`${command} is not installed: apt-get install ${command}`);
  return path;
}
