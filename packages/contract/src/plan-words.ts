import { amount, figure } from './figure.js';
import { kindLabel } from './labels.js';
import type { PlannedKind, SessionPlan } from './session-plan.js';

const MINUTE = 60;
/** From here on half minutes say too much. */
const WHOLE_FROM = 5 * MINUTE;

/** A time as people say it: `40 seconds`, `2½ minutes`, `27 minutes`. */
export function aboutTime(seconds: number): string {
  const halves = Math.round(seconds / (seconds < WHOLE_FROM ? MINUTE / 2 : MINUTE)) * (seconds < WHOLE_FROM ? 1 : 2);
  if (halves < 2) return `${figure(Math.round(seconds))} seconds`;
  if (halves === 2) return '1 minute';
  return `${Math.floor(halves / 2)}${halves % 2 === 1 ? '½' : ''} minutes`;
}

/** A time as `--budget` takes it, in whole minutes, rounded up: `8m`. */
export function budgetFor(seconds: number): string {
  return `${Math.ceil(seconds / MINUTE)}m`;
}

/** What a session would measure and what it costs, one sentence a line. */
export function planWords({ fits, leftOut, allSeconds }: SessionPlan): string[] {
  const kinds = fits.map(({ kind, seconds }) => `${kindLabel(kind).toLowerCase()}, about ${aboutTime(seconds)}`);
  const all = `everything that applies would take about ${aboutTime(allSeconds)}`;
  const isAll = leftOut.every(({ seconds }) => seconds === null) && fits.reduce(sumOf, 0) >= allSeconds - 1;
  return [
    `${kinds.join('; ')}${isAll ? '' : `; ${all}`}`,
    ...fits.map((one) => costWords(one, fits.length > 1)),
    ...leftOut.map(({ kind, reason }) => `${kindLabel(kind).toLowerCase()} is left out: ${reason}`),
  ];
}

const sumOf = (sum: number, { seconds }: PlannedKind): number => sum + seconds;

function costWords(planned: PlannedKind, isNamed: boolean): string {
  const { kind, requests, highest, unit, secondsAboveLimit, expectedFailures, atMost } = planned;
  const about = atMost ? 'at most' : 'about';
  const name = isNamed ? `${kindLabel(kind).toLowerCase()}: ` : '';
  return (
    `${name}${about} ${amountOf(requests)} requests, up to ${amount(highest, unit)}; ` +
    `about ${figure(secondsAboveLimit)} s above the limit, ${about} ${amountOf(expectedFailures)} failures on purpose`
  );
}

/** An estimate has two digits. */
function amountOf(count: number): string {
  return figure(Number(count.toPrecision(2)));
}
