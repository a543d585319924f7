import { hasEstimate, STATUS_WORDS, type Limit } from '@hive/contract';
import { duration, interval, percent, plural, quantity, say, type Quantity } from '../ui/format';

/** What is known about a limit as one number, with `at least` or `below` before it; null where there is none. */
export function valueOf({ status, estimate, low, high, unit }: Limit): (Quantity & { bound: string }) | null {
  if (status === 'unsteady' && low !== null) return { bound: STATUS_WORDS.unsteady, ...quantity(low, unit) };
  if (hasEstimate(status) && estimate !== null)
    return { bound: status === 'rough' ? STATUS_WORDS.rough : '', ...quantity(estimate, unit) };
  if (status === 'at_least' && low !== null) return { bound: STATUS_WORDS.at_least, ...quantity(low, unit) };
  if (status === 'below' && high !== null) return { bound: STATUS_WORDS.below, ...quantity(high, unit) };
  return null;
}

/** Between which values it lies, and how sure that is: `95 % interval 377–437`; empty where that is not known. */
export function sayRange({ status, method, low, high, level, unit }: Limit): string {
  if (low === null || high === null || status === 'not_applicable') return '';
  const range = say(interval(low, high, unit));
  if (method === 'bracket') return `bracket ${range}`;
  return `${level === null ? '' : `${percent(level)} `}interval ${range}`;
}

/** Up to where it is safe, and how that is known; empty where it is not. */
export function saySafe({ safe, heldSeconds, unit }: Limit): string {
  if (safe === null) return '';
  const how = heldSeconds === undefined ? 'predicted for runs of 10 minutes' : `soaked for ${duration(heldSeconds)}`;
  return `Safe up to ${say(quantity(safe, unit))}, ${how}`;
}

/** A reason of the engine, which names options of the command line, in the words of the forms here. */
export function sayReason(reason: string): string {
  return reason
    .replaceAll(/--budget (\d+)m\b/g, 'a time budget of $1 min')
    .replaceAll(/--objective '([^']+)'/g, 'the objective $1');
}

/** What a limit stands on, with the objective that the API names as the first to break, and no other. */
export function sayBasis({ reason, binding, scenarios, status }: Limit): string {
  const basis = scenarios === 0 ? '' : plural(scenarios, 'run');
  const breaks = binding === null || status === 'at_least' ? '' : `${binding} breaks first`;
  return [reason === undefined ? '' : sayReason(reason), breaks, basis].filter(Boolean).join(' · ');
}

/** A limit in a few words: `393 requests/s (377–437)`. */
export function sayShort(limit: Limit): string {
  const { status, low, high, unit, method } = limit;
  const value = valueOf(limit);
  const range =
    low === null || high === null ? '' : `${method === 'bracket' ? 'bracket ' : ''}${interval(low, high, unit).value}`;
  if (value === null) return range === '' ? STATUS_WORDS[status] : `${STATUS_WORDS[status]} (${range})`;
  const said = `${value.bound} ${say(value)}`.trim();
  return hasEstimate(status) && range !== '' ? `${said} (${range})` : said;
}
