import { json } from './json.js';

/** Caddy's access log. */
export const caddy = json({
  name: 'Caddy JSON',
  method: ['request.method'],
  target: ['request.uri'],
  status: ['status'],
  host: ['request.host'],
});
