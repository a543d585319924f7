import { appliedSchema, applyInputSchema } from './apply.js';
import type { Route } from './route.js';

/** The route of what files describe. */
export const APPLY_ROUTES = {
  applyDocuments: {
    method: 'POST',
    path: '/api/apply',
    summary: 'Make everything as documents describe it; each change needs the permission of its own route',
    permission: 'read',
    status: 200,
    body: applyInputSchema,
    output: appliedSchema,
  },
} as const satisfies Record<string, Route>;
