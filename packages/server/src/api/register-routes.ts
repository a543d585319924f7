import { errorBodySchema, HiveError, ROUTES, type Permission, type RouteName } from '@hive/contract';
import type { FastifyInstance, FastifyRequest, FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import type { Actions, ActionsOf } from '../actions/actions.js';
import type { Principal } from '../identity/principal.js';
import { checkBody } from './bodies/check-body.js';
import { findUnstorable, invalidInput, type InputPart } from './bodies/input.js';
import { createLargeBodies } from './bodies/large-bodies.js';
import { Answer, FileAnswer } from './answers.js';
import { setSessionCookie } from './cookies.js';
import { handlers, OTHER_ANSWERS } from './handlers.js';
import { sendFile } from './send-file.js';
import { writeInTurns, writtenBy } from './write-in-turns.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route of the contract that it is. */
    route?: RouteName;
  }
}

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

/** Registers exactly the routes of the contract. What is checked by zod holds in this scope only. */
export function registerRoutes(scope: FastifyInstance, actionsOf: ActionsOf): void {
  scope.setValidatorCompiler(validatorCompiler);
  scope.setSerializerCompiler<z.ZodType>(
    ({ schema }) =>
      (answer) =>
        writtenBy(schema, answer),
  );
  takeBodies(scope);
  for (const [name, route] of Object.entries(ROUTES) as [RouteName, AnyRoute][]) {
    const handle = handlers[name] as AnyHandler;
    scope.route({
      method: route.method,
      url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      ...(route.mostBodyBytes && { bodyLimit: route.mostBodyBytes }),
      config: { route: name },
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
        done(findUnstorable(request.query, 'query') ?? undefined);
      },
      handler: async (request, reply) => {
        const { actor, params, query, body } = request;
        const answer = await handle(actionsOf(actor), actor, { params, query, body });
        if (answer instanceof FileAnswer) return sendFile(reply, answer.file);
        if (!(answer instanceof Answer)) {
          const written = await writeInTurns(route.output, answer);
          if (written !== null) reply.type('application/json; charset=utf-8');
          return reply.code(route.status).send(written ?? answer);
        }
        if (answer.more.cookie !== undefined) setSessionCookie(reply, answer.more.cookie);
        return reply.code(answer.status).send(answer.body);
      },
    });
  }
}

/** A body that was checked as it came in. */
class CheckedBody {
  constructor(readonly value: unknown) {}
}

/** Of a smaller body the check takes less than the way into another thread and back. */
const LARGE_BYTES = 64 * 1024;

/** A body may be absent or empty whatever its content type says. */
function takeBodies(scope: FastifyInstance): void {
  const large = createLargeBodies();
  scope.addHook('onClose', () => large.close());
  scope.removeContentTypeParser(['application/json', 'text/plain']);
  scope.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, bytes: Buffer) => {
      if (bytes.length === 0) return undefined;
      const { route } = request.routeOptions.config;
      // A path that there is not.
      if (route === undefined) return undefined;
      return new CheckedBody(bytes.length < LARGE_BYTES ? checkBody(route, bytes) : await large.check(route, bytes));
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

const PARTS: Record<string, InputPart> = { querystring: 'query', params: 'params' };

/** What a part of a request is by its schema, or a HiveError that says what is wrong with it. */
const validatorCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart = '' }) =>
  (data) => {
    if (data instanceof CheckedBody) return { value: data.value };
    const checked = schema.safeParse(data);
    if (checked.success) return { value: checked.data };
    return { error: invalidInput(checked.error.issues, PARTS[httpPart] ?? 'body') };
  };
