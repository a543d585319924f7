import { PERMISSIONS, type Mode } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import type { Credentials, Identity } from '../../src/identity/identity.js';

/** What a request from this machine shows, beside what is given. */
export function shown(given: Partial<Credentials> = {}): Credentials {
  return {
    authorization: undefined,
    cookie: undefined,
    address: '127.0.0.1',
    forwarded: false,
    ...given,
  };
}

/** One mode with callers that it knows and some that it does not. */
export interface Sample {
  identity: Identity;
  mode: Mode;
  /** Each is somebody, by name. */
  known: Record<string, Partial<Credentials>>;
  /** Each is nobody, or refused. */
  unknown: Record<string, Partial<Credentials>>;
}

/** What every way to tell who is calling must do. */
export function identityConformance(name: string, sample: () => Sample): void {
  describe(`who is calling, in the mode ${name}`, () => {
    it('says its mode', async () => {
      expect(await sample().identity.mode()).toBe(sample().mode);
    });

    it('knows the same caller by the same id at every request, with how they are known', async () => {
      const { identity, known } = sample();
      for (const [who, credentials] of Object.entries(known)) {
        const first = await identity.who(shown(credentials));
        expect([who, first?.proof?.type]).toEqual([who, expect.any(String)]);
        expect(await identity.who(shown(credentials))).toEqual(first);
        for (const permission of first?.permissions ?? []) expect(PERMISSIONS).toContain(permission);
      }
    });

    it('knows nobody by what is missing, wrong or of another', async () => {
      const { identity, unknown } = sample();
      for (const [who, credentials] of Object.entries(unknown)) {
        const answer = await identity.who(shown(credentials)).catch((error: unknown) => error);
        if (answer === null) continue;
        expect([who, answer]).toEqual([who, expect.objectContaining({ status: expect.toBeOneOf([401, 403]) })]);
      }
    });
  });
}
