import { HiveError } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { problemsOf } from '../src/live/problems.js';

const FIELDS = ['when', 'what.atPerSecond', 'targets'];
const refused = (...problems: { field: string; message: string }[]) =>
  new HiveError('validation', problems.map(({ field, message }) => `${field}: ${message}`).join('; '), {
    details: { problems },
  });

describe('what the API says against an input', () => {
  it('stands at its fields', () => {
    const found = problemsOf(
      refused(
        { field: 'when', message: "write 'every 15m'" },
        { field: 'what.atPerSecond', message: 'must be above 0' },
        { field: 'targets.te am', message: 'write letters' },
      ),
      FIELDS,
    );
    expect(found).toEqual({
      at: { when: "Write 'every 15m'.", 'what.atPerSecond': 'Must be above 0.', targets: 'Write letters.' },
      whole: null,
    });
  });

  it('of a verb, which names the field in its message, stands there too', () => {
    const error = new HiveError('validation', "when: '0 3' cannot be read as cron");
    expect(problemsOf(error, FIELDS)).toEqual({ at: { when: "'0 3' cannot be read as cron." }, whole: null });
  });

  it('about what the form does not show, or about no field, stands below it', () => {
    const unknown = refused({ field: 'jitter', message: 'is unknown' });
    expect(problemsOf(unknown, FIELDS)).toEqual({ at: {}, whole: 'Jitter: is unknown.' });
    const gone = new HiveError('not_found', 'there is no target', { hint: 'see GET /api/targets' });
    expect(problemsOf(gone, FIELDS)).toEqual({ at: {}, whole: 'There is no target; see GET /api/targets.' });
    expect(problemsOf(new TypeError('failed to fetch'), FIELDS).whole).toContain('does not answer');
  });
});
