/** An address as people write it, with the scheme that it lacks: `localhost:18301` → `http://localhost:18301`. */
export function withScheme(text: string): string {
  const address = text.trim();
  return address === '' || /^[a-z][a-z+.-]*:\/\//i.test(address) ? address : `http://${address}`;
}

/** The line that allows another machine to be loaded; null for what is no address. */
export function allowLine(address: string): string | null {
  const url = withScheme(address);
  return URL.canParse(url) ? `HIVE_ALLOW_TARGETS=${new URL(url).hostname} hive up` : null;
}

const STEPS = [1, 2, 2.5, 5, 10];

/** The next round number of milliseconds. */
function roundUp(ms: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, ms)));
  return (STEPS.find((step) => step * power >= ms) ?? 10) * power;
}

/** Objectives to choose from, by the response time at rest, ms: tight, usual and loose. The first of them is proposed. */
export function suggestObjectives(restMs: number): string[] {
  const proposed = [Math.max(restMs * 8, 250), restMs * 3, restMs * 20].map((ms) => Math.max(10, roundUp(ms)));
  return [...new Set(proposed)].map((ms) => `p(99)<${ms}`);
}
