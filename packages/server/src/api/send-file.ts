import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { ReportFile } from '../actions/actions.js';

/** Sends a file as it is made, to be saved under its name. Shown in a browser it may load nothing and run nothing. */
export function sendFile(reply: FastifyReply, { name, mediaType, parts }: ReportFile): FastifyReply {
  return reply
    .type(mediaType)
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
    .send(Readable.from(parts, { objectMode: false }));
}
