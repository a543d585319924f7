import type { CheckHistory } from '@hive/contract';
import { expect, it } from 'vitest';
import { readVisits, visit, writeVisits } from '../src/live/last-visit.js';
import { sayAgent } from '../src/panels/settings/say-agent.js';
import { sayAvailability } from '../src/panels/target/say-availability.js';

const budget = { objective: 'rate<0.01', allowedShare: 0.01, leftShare: 0.48, burnRate: 0.2 };
const say = (change: Partial<CheckHistory>) =>
  sayAvailability({ checks: [], days: [], uptime: 0.9948, budget, ...change });

it('how often a target answered is said with what is left of its error budget', () => {
  expect(say({})).toBe(
    'It answered 99.5 % of the checks in 30 days. 48 % of the error budget of rate<0.01 is left; the last 6 hours spent it 0.2 times as fast as it lasts.',
  );
  expect(say({ budget: { ...budget, leftShare: -2, burnRate: 50 } })).toContain(
    'The error budget of rate<0.01 is overspent: 3 times what it allows failed; the last 6 hours spent it 50 times as fast as it lasts.',
  );
  expect(say({ budget: { ...budget, burnRate: 0 } })).toContain('is left; the last 6 hours spent nothing of it.');
  expect(say({ budget: null, uptime: null })).toBe('No check of 30 days was usable.');
});

const HOUR_MS = 3_600_000;

it('who was away for more than half a day is told since when, until it is put away', () => {
  const first = visit(null, 100 * HOUR_MS);
  expect(first).toEqual({ seenAt: 100 * HOUR_MS, since: null });
  const soon = visit(first, 111 * HOUR_MS);
  expect(soon.since).toBeNull();
  const later = visit(soon, 124 * HOUR_MS);
  expect(later).toEqual({ seenAt: 124 * HOUR_MS, since: 111 * HOUR_MS });
  // A reload, and another page, tell the same.
  expect(visit(later, 125 * HOUR_MS).since).toBe(111 * HOUR_MS);
  expect(readVisits(writeVisits(later))).toEqual(later);
  expect(readVisits(writeVisits(first))).toEqual(first);
  for (const text of [null, '', 'x', '-1 2']) expect(readVisits(text)).toBeNull();
});

it.each([
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36',
    'Chrome on Linux',
  ],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 (KHTML) Version/17 Safari/605', 'Safari on macOS'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0', 'Edge on Windows'],
  ['Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0', 'Firefox on Android'],
  ['curl/8.5.0', 'curl/8.5.0'],
  [null, 'Unknown browser'],
])('the browser %s is %s', (agent, words) => {
  expect(sayAgent(agent)).toBe(words);
});
