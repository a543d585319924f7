import type { IncomingMessage } from 'node:http';
import type { Guard } from '@hive/contract';
import { figure } from '../figure.js';
import { queryUrl, valuesIn } from './prometheus-query.js';
import { createScraper, type ScrapeOptions } from './scrape.js';

/** Looks whether something still is as it should be. */
export interface OpenGuard {
  /** What it asks, in words. */
  name: string;
  /** What is wrong, in words; null: nothing. An answer that does not come is wrong too. Never rejects. */
  ask(): Promise<string | null>;
  /** Ends what is under way. */
  close(): void;
}

/** How a guard is asked. `answerLimitMs`: how long an answer may take; default: 1 s. */
type How = Pick<ScrapeOptions, 'allowTargets' | 'insecure' | 'answerLimitMs'>;

/** Opens a guard that the contract's schema has accepted. Each look resolves and checks the address anew. */
export function openGuard(guard: Guard, how: How): OpenGuard {
  return guard.url === undefined ? queryGuard(guard, how) : pageGuard({ ...guard, url: guard.url }, how);
}

function pageGuard({ url, expect }: Guard & { url: string }, how: How): OpenGuard {
  const page = new URL(url);
  const refuse = ({ statusCode = 0 }: IncomingMessage): string | null =>
    (expect?.includes(statusCode) ?? (statusCode >= 200 && statusCode < 300)) ? null : `answered ${statusCode}`;
  const scraper = createScraper({ ...how, url: page, accept: '*/*', refuse, lenient: true });
  return {
    name: `${page.host}${page.pathname}`,
    async ask() {
      const answer = await scraper.scrape();
      return 'problem' in answer ? answer.problem : null;
    },
    close: scraper.close,
  };
}

function queryGuard({ prometheus = '', query = '', above, below }: Guard, how: How): OpenGuard {
  const url = queryUrl(prometheus, query);
  const refuse = ({ statusCode = 0 }: IncomingMessage): string | null =>
    statusCode === 200 ? null : `Prometheus answered ${statusCode}`;
  const scraper = createScraper({ ...how, url, accept: 'application/json', refuse });
  return {
    name: `${query} (${url.host})`,
    async ask() {
      const answer = await scraper.scrape();
      if ('problem' in answer) return answer.problem;
      const values = valuesIn(answer.text);
      if (values === null) return 'Prometheus answered with something other than a number or a vector';
      if (values.length === 0) return 'Prometheus has no value';
      return values.map((value) => whatIsWrong(value, { above, below })).find((trouble) => trouble !== null) ?? null;
    },
    close: scraper.close,
  };
}

function whatIsWrong(value: number, { above, below }: Pick<Guard, 'above' | 'below'>): string | null {
  if (Number.isNaN(value)) return 'the value is not a number';
  if (above !== undefined && value > above) return `${figure(value)} is above ${figure(above)}`;
  if (below !== undefined && value < below) return `${figure(value)} is below ${figure(below)}`;
  return null;
}
