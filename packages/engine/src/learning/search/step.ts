import type { ChirpStage } from '../belief/chirp.js';
import type { ChirpRule } from '../belief/stopping.js';
import type { Probe } from './choose.js';

/** What to do next, with the reason in one sentence. */
export type Step =
  | { action: 'chirp'; stages: ChirpStage[]; rule: ChirpRule; reason: string; closed?: { restMs: number } }
  | ({ action: 'probe'; reason: string; hold?: boolean } & Probe)
  | { action: 'done'; reason: string; code: 'goal' | 'budget' };
