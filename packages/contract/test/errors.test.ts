import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorBodySchema, ERRORS, EXIT, HiveError, toHiveError, type ErrorCode } from '@hive/contract';

/** What scripts go by: HTTP status and exit code of each code. It may grow; nothing in it changes. */
const CATALOGUE: Record<ErrorCode, [status: number, exit: number]> = {
  validation: [400, 104],
  no_target: [400, 104],
  unauthorized: [401, 104],
  forbidden: [403, 104],
  forbidden_origin: [403, 104],
  forbidden_host: [403, 104],
  refused_by_safety: [403, 92],
  not_found: [404, 104],
  conflict: [409, 104],
  busy: [409, 104],
  payload_too_large: [413, 104],
  too_many_requests: [429, 1],
  invalid_measurement: [422, 90],
  port_taken: [500, 106],
  data_directory: [500, 106],
  database_unreachable: [503, 106],
  database_newer: [503, 106],
  bus_unreachable: [503, 106],
  fleet_unreachable: [503, 106],
  provider_unreachable: [502, 106],
  target_unreachable: [502, 106],
  aborted: [499, 105],
  internal: [500, 1],
};

describe('the catalogue of errors', () => {
  it('has these codes', () => {
    expect(Object.keys(ERRORS).toSorted()).toEqual(Object.keys(CATALOGUE).toSorted());
  });

  it.each(Object.entries(CATALOGUE))('%s has its status and its exit code', (code, [status, exit]) => {
    const error = new HiveError(code as ErrorCode, 'it is so');
    expect([error.status, error.exitCode]).toEqual([status, exit]);
    expect(Object.values(EXIT)).toContain(exit);
    expect(error.hint).toBe({ hint: undefined, ...ERRORS[code as ErrorCode] }.hint);
    expect(new HiveError(code as ErrorCode, 'it is so', { hint: 'do this' }).hint).toBe('do this');
  });

  it('has exit codes that k6 and Hive always had', () => {
    expect(EXIT).toEqual({
      passed: 0,
      unexpected: 1,
      invalid: 90,
      regression: 91,
      refused: 92,
      undecided: 93,
      objectiveFailed: 99,
      configuration: 104,
      aborted: 105,
      cannotStart: 106,
    });
  });
});

describe('the body of an error', () => {
  it('is what the schema says, with what there is to say alone', () => {
    const code = fc.constantFrom(...(Object.keys(ERRORS) as ErrorCode[]));
    const details = fc.dictionary(
      fc.stringMatching(/^[a-z_]{1,8}$/),
      fc.oneof(fc.string(), fc.integer(), fc.boolean()),
    );
    const more = fc.record({ hint: fc.string(), details }, { requiredKeys: [] });
    fc.assert(
      fc.property(code, fc.string(), more, (name, message, rest) => {
        const body = new HiveError(name, message, rest).toBody();
        expect(errorBodySchema.parse(structuredClone(body))).toEqual(body);
        expect(body.error).toMatchObject({ code: name, message, ...rest });
      }),
    );
    expect(new HiveError('conflict', 'x').toBody()).toEqual({ error: { code: 'conflict', message: 'x' } });
  });

  it.each([{}, { error: 'x' }, { error: { code: 'x' } }, { error: { code: 1, message: 'x' } }, null])(
    'is not %j',
    (body) => {
      expect(errorBodySchema.safeParse(body).success).toBe(false);
    },
  );
});

describe('whatever is thrown', () => {
  it('is one class of error, once', () => {
    const known = new HiveError('busy', 'x');
    expect(toHiveError(known)).toBe(known);
    const cause = new TypeError('what broke');
    expect(toHiveError(cause)).toMatchObject({ code: 'internal', message: 'what broke', cause });
    expect(toHiveError(Object.create(null)).message).not.toBe('');
    expect(toHiveError('in words')).toMatchObject({ code: 'internal', message: 'in words' });
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        const { code, message } = toHiveError(thrown);
        expect(code).toBe('internal');
        expect(message).not.toBe('');
      }),
    );
  });
});
