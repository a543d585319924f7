// nginx with a rate limit. `node examples/nginx-limit-req/start.mjs`
import { freePorts, program, runExample } from '../example.mjs';
import { limitOf } from './limit.mjs';

const RATE = 200;
const BURST = RATE / 5;

await runExample(import.meta.dirname, async (stage) => {
  const nginx = program('nginx');
  const [port] = await freePorts(1);
  await stage.fill('hive.yaml', { port });
  const config = await stage.fill('nginx.conf', {
    port,
    rate: RATE,
    burst: BURST,
  });
  await stage.run(nginx, ['-p', stage.folder, '-c', config, '-e', 'stderr'], [port]);
  const limit = limitOf({ rate: RATE, burst: BURST, allowedShare: 0.01 });
  return {
    kinds: ['load_balancing'],
    says: [`nginx refuses what is beyond ${RATE} requests/s; 1 % are refused at ${limit.toFixed(1)}/s.`],
  };
});
