import type { ErrorCode } from '@hive/contract';
import type { WorkName } from './work.js';

export interface ToLearner {
  id: number;
  name: WorkName;
  input: unknown;
}

export interface Failure {
  code: ErrorCode;
  message: string;
  hint: string | undefined;
}

export type FromLearner = { id: number; value: unknown } | { id: number; failure: Failure };
