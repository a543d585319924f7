import { refreshOf, sentAs, type Auth, type Target } from '@hive/contract';
import { logIn, usersOf, type LogIn, type User } from '../../checking/login.js';
import type { Clock } from '../../clock.js';
import { createTokens, writeToken } from '../../http1/tokens.js';
import type { SharedTokens, Tick } from '../../measuring.js';
import { identityOf } from '../../safety/identity.js';
import type { Environment } from '../../safety/secrets.js';
import { readTls } from '../../safety/tls-material.js';

/** The tokens of a session on a target that wants a login. */
export interface Authorization {
  /**
   * Logs in where that is still to be done, at rest. `aheadMs`: what comes lasts this long, and what is due meanwhile is replaced now, because
   * some services end a token's life when they give the next one.
   * @throws HiveError `target_unreachable` with the cause.
   */
  ready(aheadMs?: number): Promise<SharedTokens>;
  /** The header of the first user, for one request by itself. @throws HiveError as `ready`. */
  header(): Promise<Record<string, string>>;
  /** Looks for answers that say that a token is no longer good: then all are asked for again, once. */
  look(tick: Tick): void;
  /** Everything secret that was ever sent or received. */
  secrets(): readonly string[];
  close(): Promise<void>;
}

/** How long a token lives where nobody says it, ms. */
const USUAL_MS = 5 * 60_000;
/** After a failed refresh it is tried again, each time after twice the time. */
const AGAIN_MS = 1_000;
const LONGEST_AGAIN_MS = 15_000;
/** Logins at once. */
const AT_ONCE = 4;
/** For this long after a refresh that 401 asked for, more of them ask for none. */
const ONCE_MS = 5_000;
/** Tokens that are remembered to be hidden. */
const MOST_SECRETS = 5_000;

interface Options {
  target: Target;
  clock: Clock;
  allowTargets: readonly string[];
  environment?: Environment | undefined;
  sessionId?: string | undefined;
  signal: AbortSignal;
}

interface Slot {
  user: User;
  value: string | null;
  /** When it is to be replaced, and when it is no longer good, on the session's clock. */
  dueMs: number;
  endsMs: number;
}

/** Makes ready to log in; null: the target wants no login. Nothing is asked before `ready`. */
export function openAuthorization(options: Options): Authorization | null {
  const { auth } = options.target;
  return auth === undefined ? null : new Session(options, auth);
}

class Session implements Authorization {
  private readonly slots: Slot[];
  private readonly tokens: SharedTokens;
  private readonly known: string[] = [];
  private readonly closing = new AbortController();
  private readonly until: AbortSignal;
  private renewing: Promise<void> | null = null;
  private background: Promise<void> | null = null;
  private askedAgainMs = -Infinity;
  /** Wakes the background where something is due sooner. */
  private wake: (() => void) | null = null;

  constructor(
    private readonly options: Options,
    private readonly auth: Auth,
  ) {
    this.until = AbortSignal.any([options.signal, this.closing.signal]);
    this.slots = usersOf(auth).map((user) => ({ user, value: null, dueMs: -Infinity, endsMs: -Infinity }));
    this.tokens = createTokens(sentAs(auth).name, this.slots.length);
    this.known.push(...this.slots.flatMap(({ user }) => Object.values(user)));
  }

  async ready(aheadMs = 0): Promise<SharedTokens> {
    if (this.renewing !== null) await this.renewing.catch(() => undefined);
    const nowMs = this.options.clock.now();
    const isDue = ({ dueMs }: Slot): boolean => dueMs <= nowMs + aheadMs;
    if (this.slots.some(({ value, endsMs }) => value === null || nowMs >= endsMs)) await this.renew(() => true);
    // The old one is good all the same.
    else if (aheadMs > 0 && this.slots.some(isDue)) await this.renew(isDue).catch(() => undefined);
    this.background ??= this.keepFresh();
    return this.tokens;
  }

  async header(): Promise<Record<string, string>> {
    const { name } = await this.ready();
    return { [name]: this.slots[0]!.value ?? '' };
  }

  look({ parts }: Tick): void {
    const refused = parts.some(({ statuses }) => (statuses?.['401'] ?? 0) > 0);
    const nowMs = this.options.clock.now();
    if (!refused || nowMs - this.askedAgainMs < ONCE_MS || this.renewing !== null) return;
    this.askedAgainMs = nowMs;
    for (const slot of this.slots) slot.dueMs = nowMs;
    this.wake?.();
  }

  secrets(): readonly string[] {
    return this.known;
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.wake?.();
    await Promise.all([this.background, this.renewing?.catch(() => undefined)]);
  }

  /** Asks for new tokens, one login at a time for each user. @throws HiveError of the first that fails. */
  private renew(isDue: (slot: Slot) => boolean): Promise<void> {
    this.renewing ??= this.renewAll(this.slots.filter(isDue)).finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  }

  private async renewAll(slots: readonly Slot[]): Promise<void> {
    const { target, clock, allowTargets, environment = {}, sessionId } = this.options;
    const how: LogIn = {
      target: { ...target, auth: this.auth },
      allowTargets,
      environment,
      tls: readTls(target.tls, environment),
      identity: identityOf(target, sessionId),
      signal: this.until,
    };
    let next = 0;
    const inTurn = async (): Promise<void> => {
      for (let at = next++; at < slots.length && !this.until.aborted; at = next++) {
        const slot = slots[at]!;
        const askedMs = clock.now();
        const { value, seconds } = await logIn(how, slot.user);
        this.keep(slot, { value, seconds, askedMs });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, inTurn));
  }

  private keep(
    slot: Slot,
    { value, seconds, askedMs }: { value: string; seconds: number | null; askedMs: number },
  ): void {
    const lifeMs = seconds === null ? USUAL_MS : seconds * 1_000;
    const refresh = refreshOf(this.auth.refresh) ?? { share: 0.8 };
    slot.value = value;
    slot.dueMs = askedMs + ('share' in refresh ? refresh.share * lifeMs : refresh.ms);
    slot.endsMs = seconds === null ? Infinity : askedMs + lifeMs;
    writeToken(this.tokens, this.slots.indexOf(slot), value);
    const secret = value.slice(value.lastIndexOf(' ') + 1);
    if (!this.known.includes(value)) this.known.push(value, secret);
    if (this.known.length > MOST_SECRETS) this.known.splice(0, 2);
  }

  private async keepFresh(): Promise<void> {
    const { clock } = this.options;
    let againMs = AGAIN_MS;
    while (!this.until.aborted) {
      const dueMs = Math.min(...this.slots.map((slot) => slot.dueMs));
      const waitMs = dueMs - clock.now();
      if (waitMs > 0) {
        await this.sleep(waitMs);
        continue;
      }
      try {
        await this.renew((slot) => slot.dueMs <= clock.now());
        againMs = AGAIN_MS;
      } catch {
        // The old one is used as long as it is good; who needs a new one then hears of the cause.
        await this.sleep(againMs);
        againMs = Math.min(LONGEST_AGAIN_MS, 2 * againMs);
      }
    }
  }

  private async sleep(ms: number): Promise<void> {
    const woken = new AbortController();
    this.wake = () => woken.abort();
    await this.options.clock.sleep(ms, AbortSignal.any([this.until, woken.signal]));
    this.wake = null;
  }
}

/** Of all answers, more that say 401 are no slip. */
const MANY_REFUSED = 0.001;

/** Why a run says nothing: its tokens were no longer good; null: they were. */
export function whyUnauthorized(statuses: Readonly<Record<string, number>>): string | null {
  const refused = statuses['401'] ?? 0;
  const all = Object.values(statuses).reduce((sum, count) => sum + count, 0);
  if (refused <= MANY_REFUSED * all) return null;
  return `${refused} of ${all} responses were 401: the target no longer accepted its tokens`;
}
