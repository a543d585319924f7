import { createThreadLoad } from '../../dist/threads/thread-load.js';

// Runs the order in its argument and prints, for its last part, what became of the requests. A process of its own can trust an authority
// that its parent does not.
const load = createThreadLoad();
const sums = { good: 0, failed: 0, tls: 0, phases: 0 };
for await (const tick of load.run(JSON.parse(process.argv[2]), new AbortController().signal)) {
  for (const { counts, errors } of tick.parts) {
    sums.good += counts.good;
    sums.failed += counts.failed;
    sums.tls += errors.tls ?? 0;
  }
  if (tick.phases?.tls) sums.phases += 1;
}
await load.close();
process.stdout.write(JSON.stringify(sums));
