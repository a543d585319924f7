/** Where nothing is drawn, frames do not come. */
const LATEST_MS = 100;

/** The same act, done once for all calls before the next frame; at the latest after a tenth of a second. */
export function onceAFrame(act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let frame = 0;
  const run = (): void => {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    timer = undefined;
    act();
  };
  return () => {
    if (timer !== undefined) return;
    timer = setTimeout(run, LATEST_MS);
    frame = requestAnimationFrame(run);
  };
}
