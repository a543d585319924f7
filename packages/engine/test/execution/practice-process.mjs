// A practice target in a process of its own, as a target is: its work and its memory are not the test's. The settings are the argument, as JSON.
import { startFaultApi, startPractice } from '../../dist/index.js';

const { proxied, ...settings } = JSON.parse(process.argv[2]);

async function between(upstream) {
  const { url, proxies } = await startFaultApi({
    port: 0,
    populate: [{ name: 'dependency', listen: '127.0.0.1:0', upstream }],
  });
  return { address: proxies()[0].listen, api: url };
}

const { nodes, pid, dependency, faultProxy } = await startPractice(settings, {
  demo: true,
  ...(proxied ? { between } : {}),
});
process.stdout.write(`${JSON.stringify({ nodes, pid, dependency, faultProxy })}\n`);
process.stdin.on('end', () => process.exit()).resume();
