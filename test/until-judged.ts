import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Validity } from '@hive/contract';

const TRIES = 4;
/** Before the second try, and so much more before each further one: what makes a machine busy is often over in moments. */
const REST_MS = 2_000;

/**
 * What `run` measures, measured again while the result itself says that it is invalid: something else used the machine. One that calls itself
 * suspect and is not as expected is measured again once. Any other result is returned as it is, however bad. `npm test` lists the repeats at its end.
 * @throws when no try could be judged, with the reasons of each
 */
export async function untilJudged<T>(
  what: string,
  run: () => Promise<T>,
  validityOf: (result: T) => Pick<Validity, 'status' | 'reasons'>,
  isExpected: (result: T) => boolean = () => true,
): Promise<T> {
  const reasons: string[] = [];
  let doubted = 0;
  for (let tried = 1; tried <= TRIES; tried += 1) {
    if (tried > 1) await sleep((tried - 1) * REST_MS);
    const result = await run();
    const validity = validityOf(result);
    const isDoubted = validity.status === 'suspect' && !isExpected(result) && doubted++ === 0;
    if (validity.status !== 'invalid' && !isDoubted) return result;
    reasons.push(validity.reasons.join('; '));
    tell(`${what}, try ${tried} of ${TRIES}: ${reasons.at(-1)}`);
  }
  throw new Error(
    `THE MACHINE WAS TOO BUSY: '${what}' could not be judged in ${TRIES} tries.\n${reasons.map((why) => `  ${why}\n`).join('')}`,
  );
}

/** To the end of `npm test`, which names the file; to the terminal where vitest was started by itself. */
function tell(repeat: string): void {
  const file = process.env['HIVE_TEST_REPEATS'];
  if (file === undefined) process.stderr.write(`could not be judged: ${repeat}\n`);
  else appendFileSync(file, `${repeat}\n`);
}
