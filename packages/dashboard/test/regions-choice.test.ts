import type { Fleet, LoadGenerator } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { askedChoice, senderChoices, shownSender } from '../src/panels/regions-choice.js';
import { session } from './message-samples.js';

const one = (name: string, region: string | null, joined = true): LoadGenerator => ({
  name,
  region,
  joined,
  state: 'idle',
  invitedUntil: null,
  version: '0.2.0',
  threads: 1,
  roundTripMs: 1,
});
const fleet = (...loadGenerators: LoadGenerator[]): Fleet => ({ url: 'nats://127.0.0.1:4222', loadGenerators });
const texts = (choices: readonly { text: string }[]) => choices.map(({ text }) => text);

describe('where load is sent from', () => {
  it('is no question without load generators elsewhere', () => {
    expect(senderChoices(null, undefined)).toEqual([]);
    expect(senderChoices(fleet(one('eu-1', 'eu', false)), undefined)).toEqual([]);
  });

  it('is this machine, all, the regions evenly, or one of them', () => {
    const choices = senderChoices(fleet(one('us-1', 'us'), one('eu-1', 'eu'), one('x', null)), undefined);
    expect(texts(choices)).toEqual(['this machine', 'all load generators', 'eu 50 %, us 50 %', 'eu', 'us']);
    expect(choices.map(({ regions }) => regions)).toEqual(['here', 'all', { eu: 50, us: 50 }, { eu: 1 }, { us: 1 }]);
    expect(shownSender(choices, null, undefined).choice?.value).toBe('here');
    expect(shownSender(choices, 'region us', undefined).choice?.regions).toEqual({ us: 1 });
  });

  it('is what the target says first, once', () => {
    const choices = senderChoices(fleet(one('us-1', 'us'), one('eu-1', 'eu')), { eu: 1, us: 1 });
    expect(texts(choices)).toEqual([
      'eu 50 %, us 50 % (as the target says)',
      'this machine',
      'all load generators',
      'eu',
      'us',
    ]);
    expect(shownSender(choices, null, undefined).choice).not.toHaveProperty('regions');
  });

  it('is what was asked for elsewhere as well, once, in whichever words', () => {
    const both = fleet(one('us-1', 'us'), one('eu-1', 'eu'));
    const even = senderChoices(both, undefined, { eu: 1, us: 1 });
    expect(texts(even)).toEqual(['this machine', 'all load generators', 'eu 50 %, us 50 %', 'eu', 'us']);
    expect(askedChoice(even, { eu: 1, us: 1 })?.value).toBe('even');
    const most = senderChoices(both, undefined, { eu: 3, us: 1 });
    expect(askedChoice(most, { eu: 3, us: 1 })).toMatchObject({ text: 'eu 75 %, us 25 %', regions: { eu: 3, us: 1 } });
    const own = senderChoices(both, { eu: 1, us: 1 }, { eu: 2, us: 2 });
    expect(texts(own)).toEqual(texts(senderChoices(both, { eu: 1, us: 1 })));
    expect(askedChoice(own, { eu: 2, us: 2 })?.value).toBe('target');
    expect(askedChoice(own, undefined)?.value).toBe('target');
    expect(askedChoice(own, 'here')?.value).toBe('here');
  });

  it('can be given back where nobody has joined', () => {
    expect(texts(senderChoices(null, undefined, { eu: 1 }))).toEqual(['this machine', 'eu']);
    expect(texts(senderChoices(fleet(), 'all', 'here'))).toEqual([
      'all load generators (as the target says)',
      'this machine',
    ]);
  });

  it('is, while a session runs, what that session was asked for', () => {
    const choices = senderChoices(fleet(one('eu-1', 'eu')), undefined);
    const running = session('session-1', { metrics: { regions: { eu: 3, us: 1 } } });
    expect(texts(shownSender(choices, 'all', running).choices)).toEqual(['eu 75 %, us 25 %']);
    expect(texts(shownSender(choices, 'all', session('session-1')).choices)).toEqual(['this machine']);
  });
});
