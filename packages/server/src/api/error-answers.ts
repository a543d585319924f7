import { HiveError, toHiveError } from '@hive/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

interface CodedError extends Error {
  code?: string;
  statusCode?: number;
}

/** Makes every error of the app the contract's error body. Unknown ones are logged with their stack. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => sendError(toAnswer(error), request, reply));
  app.setNotFoundHandler((request, reply) => {
    const error = new HiveError('not_found', `there is no ${request.method} ${shownPath(request)}`, {
      hint: 'see /docs',
    });
    return sendError(error, request, reply);
  });
}

/** The path as it was sent, to be shown only: without its query, which may hold a token and begins at `#` too for the router. */
export function shownPath({ url }: FastifyRequest): string {
  return url.split(/[?#]/, 1)[0] as string;
}

/** For a path that cannot even be decoded: whatever the form of an id, nothing has it. */
export function answerFrameworkError(_error: unknown, _request: FastifyRequest, reply: FastifyReply): void {
  const error = new HiveError('not_found', 'there is no such path', { hint: 'see /docs' });
  void reply.code(error.status).type('application/json; charset=utf-8').send(JSON.stringify(error.toBody()));
}

function sendError(error: HiveError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error.status >= 500) request.log.error({ err: error.cause ?? error, code: error.code }, error.message);
  // Serialised here: an error may occur outside the scope whose compilers know zod.
  return reply
    .code(error.status)
    .type('application/json; charset=utf-8')
    .serializer((text: string) => text)
    .send(JSON.stringify(error.toBody()));
}

function toAnswer(error: unknown): HiveError {
  if (error instanceof HiveError) return error;
  const { code, statusCode, message } = error as CodedError;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new HiveError('payload_too_large', 'the body is too large', { hint: 'send at most 1 MiB' });
  }
  // To a path that there is not: what comes to a route is read in bodies/.
  if (code === 'FST_ERR_CTP_INVALID_JSON_BODY' || error instanceof SyntaxError) {
    return new HiveError('validation', 'body: is not valid JSON', { hint: 'send a JSON object' });
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new HiveError('validation', 'body: has a content type other than JSON', {
      hint: 'send the header Content-Type: application/json',
    });
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return new HiveError('validation', message);
  return toHiveError(error);
}
