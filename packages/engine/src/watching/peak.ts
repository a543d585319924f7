import type { IncomingMessage } from 'node:http';
import type { Traffic } from '@hive/contract';
import { queryUrl, valuesIn } from './prometheus-query.js';
import { createScraper, type ScrapeOptions } from './scrape.js';

/** Over seven days a query takes Prometheus longer than a look at a page. */
const ANSWER_LIMIT_MS = 5_000;
/** The time whose peak counts, and how densely it is looked at. */
const SPAN = '7d:1m';
const BAD_QUERY = [400, 422];

/** The highest traffic, requests/s, or why it is not known, in words. */
export type Peak = { perSecond: number } | { problem: string };

/**
 * What a target's traffic is at its peak: the number that the target says, or the highest value of the last seven days that Prometheus knows, the
 * series of the query added up. The address is checked when it is dialled. Never rejects.
 */
export async function readPeak(
  traffic: Traffic,
  how: Pick<ScrapeOptions, 'allowTargets' | 'answerLimitMs'>,
): Promise<Peak> {
  if (typeof traffic === 'number') return { perSecond: traffic };
  const url = queryUrl(traffic.prometheus, `max_over_time(sum(${traffic.query})[${SPAN}])`);
  const common = { answerLimitMs: ANSWER_LIMIT_MS, ...how, insecure: false };
  const scraper = createScraper({ ...common, url, accept: 'application/json', refuse: whyRefused });
  const answer = await scraper.scrape();
  return 'problem' in answer ? answer : peakIn(answer.text);
}

function whyRefused({ statusCode = 0 }: IncomingMessage): string | null {
  if (BAD_QUERY.includes(statusCode))
    return `Prometheus answered ${statusCode}: check that the query is an instant vector in PromQL`;
  return statusCode === 200 ? null : `Prometheus answered ${statusCode}`;
}

function peakIn(text: string): Peak {
  const values = valuesIn(text);
  if (values === null) return { problem: 'Prometheus answered with something other than a vector' };
  const [perSecond] = values;
  if (perSecond === undefined) return { problem: 'Prometheus has no value of the last seven days' };
  if (!Number.isFinite(perSecond)) return { problem: 'the peak is not a number' };
  return perSecond > 0 ? { perSecond } : { problem: 'Prometheus has seen no requests in the last seven days' };
}
