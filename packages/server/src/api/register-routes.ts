import { errorBodySchema, HiveError, ROUTES, type Permission, type RouteName } from '@hive/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import type { Actions } from '../actions/actions.js';
import type { Principal } from '../identity/principal.js';
import { isTooDeep } from './body-depth.js';
import { Answer, FileAnswer, handlers, OTHER_ANSWERS } from './handlers.js';
import { sendFile } from './send-file.js';

interface AnyRoute {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  summary: string;
  permission: Permission | null;
  status: number;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  mostBodyBytes?: number;
  output: z.ZodType;
}
type AnyHandler = (
  actions: Actions,
  actor: Principal,
  input: { params: unknown; query: unknown; body: unknown },
) => Promise<unknown>;

/** Registers exactly the routes of the contract. The zod compilers hold in this scope only. */
export function registerRoutes(scope: FastifyInstance, actions: Actions): void {
  scope.setValidatorCompiler(validatorCompiler);
  scope.setSerializerCompiler(serializerCompiler);
  acceptAbsentBodies(scope);
  for (const [name, route] of Object.entries(ROUTES) as [RouteName, AnyRoute][]) {
    const handle = handlers[name] as AnyHandler;
    scope.route({
      method: route.method,
      url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      ...(route.mostBodyBytes && { bodyLimit: route.mostBodyBytes }),
      schema: {
        operationId: name,
        summary: route.summary,
        ...(route.permission && { 'x-permission': route.permission }),
        tags: [route.path.split('/')[2] ?? 'service'],
        ...(route.params && { params: route.params }),
        ...(route.query && { querystring: route.query }),
        ...(route.body && { body: route.body }),
        response: {
          [route.status]: route.output,
          ...OTHER_ANSWERS[name],
          '4xx': errorBodySchema,
          '5xx': errorBodySchema,
        },
      },
      preValidation: (request, _reply, done) => {
        if (route.body) request.body ??= {};
        done(findUnstorable(request.query, 'query') ?? findUnstorable(request.body, 'body') ?? undefined);
      },
      handler: async (request, reply) => {
        const { actor, params, query, body } = request;
        const answer = await handle(actions, actor, { params, query, body });
        if (answer instanceof FileAnswer) return sendFile(reply, answer.file);
        const { status, body: sent } = answer instanceof Answer ? answer : { status: route.status, body: answer };
        return reply.code(status).send(sent);
      },
    });
  }
}

/** A body may be absent or empty whatever its content type says. */
function acceptAbsentBodies(scope: FastifyInstance): void {
  const parseJson = scope.getDefaultJsonParser('error', 'error');
  scope.removeContentTypeParser(['application/json', 'text/plain']);
  const parse = (request: FastifyRequest, body: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      void parseJson(request, body, (error, value) => (error ? reject(error) : resolve(value)));
    });
  scope.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    async (request: FastifyRequest, body: string) => {
      if (body.length === 0) return undefined;
      if (await isTooDeep(body)) {
        throw new HiveError('validation', 'body: nests too deeply', {
          hint: 'see /docs for what the request may contain',
        });
      }
      return parse(request, body);
    },
  );
  scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    done(
      new HiveError('validation', 'body: has a content type other than JSON', {
        hint: 'send the header Content-Type: application/json',
      }),
    );
  });
}

/** The character NUL, or half a surrogate pair: no database of ours can keep them. */
const UNSTORABLE = /\0|\p{Surrogate}/u;

function findUnstorable(value: unknown, path: string): HiveError | null {
  if (typeof value === 'string') {
    if (!UNSTORABLE.test(value)) return null;
    const message = 'contains a character that cannot be stored';
    return new HiveError('validation', `${path}: ${message}`, { details: { problems: [{ field: path, message }] } });
  }
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const found = findUnstorable(key, path) ?? findUnstorable(inner, `${path}.${key}`);
    if (found) return found;
  }
  return null;
}
