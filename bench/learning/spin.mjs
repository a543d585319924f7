/** A process that keeps a core busy for a part of the time: node bench/learning/spin.mjs DUTY. It ends with its parent. */
const PERIOD_MS = 100;
const duty = Number(process.argv[2] ?? 1);
const parent = process.ppid;

function turn() {
  const until = performance.now() + duty * PERIOD_MS;
  while (performance.now() < until);
  if (process.ppid === parent) setTimeout(turn, (1 - duty) * PERIOD_MS);
}
turn();
