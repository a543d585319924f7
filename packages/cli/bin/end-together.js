const KILL_AFTER_MS = 2_000;

/** Until the child has ended, what asks this process to end asks the child, and this process ends by it after the child. */
export function endTogether(child) {
  let asked;
  const stop = (signal) => {
    asked = signal;
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS).unref();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, stop);
  const done = () => {
    for (const signal of signals) process.off(signal, stop);
    if (asked) process.kill(process.pid, asked);
  };
  // One that could not be started has no exit.
  child.once('exit', done).once('error', done);
}
