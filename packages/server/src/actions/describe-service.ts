import type { Verb } from './verb.js';

/** What runs here. Anyone may ask. */
export function describeService(version: string): Verb<void, { version: string }> {
  return async () => ({ version });
}
