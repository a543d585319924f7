import type { z } from 'zod';
import type { RouteName, Routes } from './routes.js';

type Part<Name extends RouteName, Key extends string> =
  Routes[Name] extends Record<Key, infer Schema extends z.ZodType> ? Schema : never;
type Optional<Type> = Record<never, never> extends Type ? Type | undefined : Type;
/** What a caller passes: path parameters, query and body, as the route has them. */
export type RouteInput<Name extends RouteName> = ([Part<Name, 'params'>] extends [never]
  ? unknown
  : { params: z.input<Part<Name, 'params'>> }) &
  ([Part<Name, 'query'>] extends [never] ? unknown : { query?: Optional<z.input<Part<Name, 'query'>>> }) &
  ([Part<Name, 'body'>] extends [never]
    ? unknown
    : Record<never, never> extends z.input<Part<Name, 'body'>>
      ? { body?: z.input<Part<Name, 'body'>> }
      : { body: z.input<Part<Name, 'body'>> });
/** What a handler receives: the same, parsed, defaults filled in. */
export type RouteParsed<Name extends RouteName> = {
  params: [Part<Name, 'params'>] extends [never] ? undefined : z.output<Part<Name, 'params'>>;
  query: [Part<Name, 'query'>] extends [never] ? undefined : z.output<Part<Name, 'query'>>;
  body: [Part<Name, 'body'>] extends [never] ? undefined : z.output<Part<Name, 'body'>>;
};
/** What the route answers. */
export type RouteOutput<Name extends RouteName> = z.output<Routes[Name]['output']>;
