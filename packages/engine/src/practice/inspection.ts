import { DEFAULT_OBJECTIVES, toHiveError, type PracticeState, type PracticeTruth } from '@hive/contract';
import type { PracticeSettings } from './settings.js';
import { practiceTruth } from './truth.js';

/** What is left of the capacity of a practice target: all its nodes look here. */
export interface Capacity {
  /** 1: as it was built; 0.8: each request holds its slot for a quarter longer. */
  share: number;
}

const LEAST_SHARE = 0.05;
const PATHS = { truth: '/practice/truth', capacity: '/practice/capacity' } as const;

/** Whether a path asks about the target itself; what it answers takes no slot. */
export function isInspection(path: string): boolean {
  return path === PATHS.truth || path === PATHS.capacity;
}

/** Answers `GET /practice/truth?objective=` and `POST /practice/capacity?share=`. */
export type Inspection = (method: string | undefined, url: string) => { status: number; body: string };

/** Makes what a practice target says about itself. */
export function createInspection(settings: PracticeSettings, capacity: Capacity): Inspection {
  const known = new Map<string, PracticeTruth>();

  function truth(objectives: readonly string[]): PracticeTruth {
    const key = `${capacity.share} ${objectives.join(' ')}`;
    const found = known.get(key) ?? practiceTruth(settings, { capacity: capacity.share, objectives });
    // Asked for by a page: few capacities, few objectives.
    if (known.size > 100) known.clear();
    known.set(key, found);
    return found;
  }

  function change(text: string | null): PracticeState | null {
    const share = Number(text);
    if (text === null || !(share >= LEAST_SHARE && share <= 1)) return null;
    capacity.share = share;
    return { capacity: share, serviceMs: settings.serviceMs / share };
  }

  return (method, url) => {
    const { pathname, searchParams } = new URL(url, 'http://practice');
    const answer = (status: number, body: unknown) => ({ status, body: `${JSON.stringify(body)}\n` });
    if (pathname === PATHS.capacity) {
      if (method !== 'POST') return answer(405, { error: 'use POST' });
      const changed = change(searchParams.get('share'));
      return changed === null
        ? answer(400, { error: `share: write a number from ${LEAST_SHARE} to 1` })
        : answer(200, changed);
    }
    const asked = searchParams.getAll('objective');
    try {
      return answer(200, truth(asked.length > 0 ? asked : DEFAULT_OBJECTIVES));
    } catch (error) {
      return answer(400, { error: toHiveError(error).message });
    }
  };
}
