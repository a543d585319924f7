import { describe, expect, it } from 'vitest';
import {
  DEFAULT_KINDS,
  DIFFICULTIES,
  generateScenarioSchema,
  KIND_UNITS,
  KINDS,
  PERMISSIONS,
  ROLES,
  ROUTES,
  startTrainingSchema,
  type Permission,
} from '@hive/contract';
import { z } from 'zod';
import { expectStable, refusedFields } from './inputs.js';

describe('a request for a session', () => {
  it('may be empty', () => {
    expect(startTrainingSchema.parse({})).toEqual({ precision: 0.05, continuous: false });
    expectStable(startTrainingSchema, {});
  });

  it('keeps all that it says', () => {
    const whole = {
      target: 'shop',
      kinds: [...KINDS],
      budgetSeconds: 60,
      precision: 0.1,
      holdSeconds: 300,
      continuous: true,
      objectives: ['p(99)<250'],
      seed: 7,
    };
    expect(startTrainingSchema.parse(whole)).toEqual(whole);
  });

  it('takes all as a word for the eight kinds, and says so in its description', () => {
    expect(startTrainingSchema.parse({ kinds: 'all' }).kinds).toEqual(KINDS);
    const { properties } = z.toJSONSchema(startTrainingSchema, { io: 'input' });
    expect(properties?.kinds).toEqual({
      anyOf: [{ const: 'all' }, { type: 'array', items: { type: 'string', enum: KINDS }, minItems: 1 }],
    });
  });

  it.each<[unknown, string]>([
    [{ kinds: [] }, 'kinds'],
    [{ kinds: ['juggling'] }, 'kinds.0'],
    [{ kinds: 'load_balancing' }, 'kinds'],
    [{ budgetSeconds: 4 }, 'budgetSeconds'],
    [{ budgetSeconds: 86_401 }, 'budgetSeconds'],
    [{ budgetSeconds: '60' }, 'budgetSeconds'],
    [{ precision: 0.001 }, 'precision'],
    [{ precision: 0.6 }, 'precision'],
    [{ holdSeconds: 59 }, 'holdSeconds'],
    [{ holdSeconds: 3_601 }, 'holdSeconds'],
    [{ continuous: 'yes' }, 'continuous'],
    [{ objectives: ['p(99)<250', 'fast'] }, 'objectives.1'],
    [{ seed: -1 }, 'seed'],
    [{ seed: 2 ** 32 }, 'seed'],
    [{ budget: 60 }, 'budget'],
  ])('%j is refused, naming the field', (input, field) => {
    expect(refusedFields(startTrainingSchema, input)).toEqual([field]);
  });
});

describe('a request for a scenario', () => {
  it.each([{}, { kind: 'load_balancing', intensity: 0.5 }, { target: 'shop', difficulty: 'extreme', seed: 0 }])(
    '%j is taken as it is',
    (input) => {
      expect(generateScenarioSchema.parse(input)).toEqual(input);
    },
  );

  it.each<[unknown, string]>([
    [{ kind: 'juggling' }, 'kind'],
    [{ difficulty: 'absurd' }, 'difficulty'],
    [{ intensity: 0 }, 'intensity'],
    [{ intensity: '5' }, 'intensity'],
    [{ seed: 0.5 }, 'seed'],
    [{ kinds: ['load_balancing'] }, 'kinds'],
  ])('%j is refused, naming the field', (input, field) => {
    expect(refusedFields(generateScenarioSchema, input)).toEqual([field]);
  });
});

describe('queries', () => {
  it.each<[z.ZodType, unknown, string]>([
    [ROUTES.listScenarios.query, { limit: '501' }, 'limit'],
    [ROUTES.listScenarios.query, { limit: 'all' }, 'limit'],
    [ROUTES.listScenarios.query, { from: 'yesterday' }, 'from'],
    [ROUTES.listScenarios.query, { from: '2026-01-31' }, 'from'],
    [ROUTES.listScenarios.query, { verdict: 'good' }, 'verdict'],
    [ROUTES.listScenarios.query, { text: 'x'.repeat(201) }, 'text'],
    [ROUTES.latestMetrics.query, { metric_type: 'speed' }, 'metric_type'],
    [ROUTES.latestMetrics.query, { limit: '0' }, 'limit'],
    [ROUTES.predict.query, { intensity: '-1' }, 'intensity'],
    [ROUTES.predict.query, { kind: 'juggling' }, 'kind'],
    [ROUTES.executeScenario.query, { wait: 'perhaps' }, 'wait'],
  ])('%# are refused, naming the parameter', (schema, query, field) => {
    expect(refusedFields(schema, query)).toEqual([field]);
  });

  it('are read from text', () => {
    expect(ROUTES.listScenarios.query.parse({ limit: '7', from: '2026-01-31T12:00:00+01:00' })).toMatchObject({
      limit: 7,
      from: '2026-01-31T12:00:00+01:00',
    });
    expect(ROUTES.predict.query.parse({ intensity: '0.5' })).toEqual({ kind: 'load_balancing', intensity: 0.5 });
  });
});

interface AnyRoute {
  method: string;
  path: string;
  permission: Permission | null;
  status: number;
  params?: z.ZodObject;
  query?: z.ZodType;
  body?: z.ZodType;
}

describe('routes', () => {
  const routes = Object.entries(ROUTES) as [string, AnyRoute][];

  it.each(routes)('%s: its path names its parameters, its query may be empty, its permission is one', (_, route) => {
    const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(Object.keys(route.params?.shape ?? {})).toEqual(inPath);
    expect(route.query?.safeParse({}).success ?? true).toBe(true);
    if (route.method === 'GET') expect(route.body).toBeUndefined();
    if (route.permission !== null) expect(PERMISSIONS).toContain(route.permission);
    // Whoever may only read changes nothing, but what is their own; of documents, each change asks for its own permission.
    const changes = !['/api/live/ticket', '/api/apply'].includes(route.path);
    if (route.method !== 'GET' && changes) expect(route.permission).not.toBe('read');
  });

  it('are each there once', () => {
    const places = routes.map(([, { method, path }]) => `${method} ${path}`);
    expect(new Set(places).size).toBe(places.length);
  });
});

describe('roles', () => {
  it('each may what the one before may, and more; an admin everything', () => {
    const [viewer, operator, admin] = Object.values(ROLES).map((may) => new Set<Permission>(may)) as [
      Set<Permission>,
      Set<Permission>,
      Set<Permission>,
    ];
    expect([...viewer]).toEqual(['read']);
    expect([...viewer].every((one) => operator.has(one)) && operator.size > viewer.size).toBe(true);
    expect(operator.has('run')).toBe(true);
    expect([...admin]).toEqual([...PERMISSIONS]);
  });
});

it('there are eight kinds with a unit each, and difficulties in their order', () => {
  expect(KINDS).toHaveLength(8);
  expect(Object.keys(KIND_UNITS)).toEqual(KINDS);
  expect(DEFAULT_KINDS).toEqual(['load_balancing']);
  expect(DIFFICULTIES).toEqual(['easy', 'medium', 'hard', 'extreme']);
});
