// nginx with a cache before a slow origin. `node examples/nginx-proxy-cache/start.mjs`
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { freePorts, program, runExample } from '../example.mjs';
import { mostKeys } from './limit.mjs';

const ORIGIN_MS = 2;
/** More than the zone has room for. */
const FILL = 600;
const FILL_AT_ONCE = 16;

await runExample(import.meta.dirname, async (stage) => {
  const nginx = program('nginx');
  const origin = createServer((request, response) => {
    const answer = () => response.setHeader('content-type', 'text/plain').end(`This is ${request.url}.\n`);
    setTimeout(answer, ORIGIN_MS);
  }).listen(0, '127.0.0.1');
  await once(origin, 'listening');
  stage.atEnd(() => {
    origin.close();
    origin.closeAllConnections();
  });
  const [port] = await freePorts(1);
  await stage.fill('hive.yaml', { port });
  const config = await stage.fill('nginx.conf', { port, originPort: origin.address().port });
  await stage.run(nginx, ['-p', stage.folder, '-c', config, '-e', 'stderr'], [port]);
  const capacity = await capacityOf(port, join(stage.folder, 'cache'));
  const keys = mostKeys({ capacity, hitShare: 0.8 });
  return {
    kinds: ['cache_efficiency'],
    says: [`nginx keeps ${capacity} pages: enough to answer 80 % of the reads of ${keys} keys.`],
  };
});

/** How many pages nginx keeps: it is asked for more, and its files are counted. How much room a key takes is a matter of its build. */
async function capacityOf(port, folder) {
  let next = 0;
  const fill = async () => {
    while (next < FILL) await (await fetch(`http://127.0.0.1:${port}/fill/${next++}`)).text();
  };
  await Promise.all(Array.from({ length: FILL_AT_ONCE }, fill));
  return (await readdir(folder)).length;
}
