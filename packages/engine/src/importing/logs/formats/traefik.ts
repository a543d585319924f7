import { json } from './json.js';

/** Traefik's access log in JSON; in its common format it is read as that. */
export const traefik = json({
  name: 'Traefik JSON',
  method: ['RequestMethod'],
  target: ['RequestPath'],
  status: ['DownstreamStatus', 'OriginStatus'],
  host: ['RequestHost', 'RequestAddr'],
});
