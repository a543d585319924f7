import type { Limit } from '@hive/contract';
import type { Tone } from '../ui/badge';

/** How a badge says what kind of knowledge a limit is. */
export const LIMIT_TONES = {
  known: 'good',
  rough: 'honey',
  unsteady: 'honey',
  at_least: 'info',
  below: 'info',
  unknown: 'plain',
  not_monotone: 'honey',
  not_applicable: 'plain',
} as const satisfies Record<Limit['status'], Tone>;
