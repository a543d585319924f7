import type { z } from 'zod';
import type { Permission } from './permission.js';

/** One HTTP route of the API. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  summary: string;
  /** What a caller must be allowed; null: anyone may. */
  permission: Permission | null;
  status: number;
  params?: z.ZodType;
  query?: z.ZodType;
  /** A body may be absent where all its fields are optional. */
  body?: z.ZodType;
  /** How large the body may be, bytes. Default: 1 MiB. */
  mostBodyBytes?: number;
  output: z.ZodType;
}
