import { publish, type LiveNews } from './live-topic.js';
import type { RunnerParts } from './runner-parts.js';

/** Tells the feed in order, without anyone waiting for the bus. */
export interface News {
  tell(news: LiveNews): void;
  /** Resolves when everything is told or given to the bus's gap. Never rejects. */
  settled(): Promise<void>;
}

export function createNews(parts: RunnerParts): News {
  let told: Promise<void> = Promise.resolve();
  return {
    tell(news) {
      const at = new Date(parts.clock.wall()).toISOString();
      told = told.then(() => publish(parts, news, at));
    },
    settled: () => told,
  };
}
