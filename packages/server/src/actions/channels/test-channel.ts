import { newDeliveryId, type Incident, type TestedChannel } from '@hive/contract';
import { findChannel } from '../../channels/find-channel.js';
import { messageOf } from '../../channels/message.js';
import type { Sender } from '../../channels/sender.js';
import { demand } from '../../identity/principal.js';
import type { Log } from '../../log.js';
import type { Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

interface TestParts {
  store: Pick<Store, 'listChannels'>;
  log: Log;
  send: Sender;
  publicUrl: string;
  /** Wall clock, ms since 1970. */
  now: () => number;
}

/** Sends a test message once, and shows what came back. Throws HiveError `not_found`. */
export function testChannel({ store, log, send, publicUrl, now }: TestParts): Verb<string, TestedChannel> {
  return async (actor, id) => {
    demand(actor, 'channel.write');
    const channel = await findChannel(store, id);
    const nowMs = now();
    const at = new Date(nowMs).toISOString();
    const delivery = newDeliveryId();
    const told = { delivery, event: 'test' as const, at, incident: sampleIncident(delivery, at), together: [] };
    const message = messageOf({ ...told, nowMs, publicUrl });
    const { ok, status, body, problem, hint } = await send(channel, message, new AbortController().signal);
    log.info({ channel: id, ok, status, who: actor.id }, 'channel tested');
    return { ok, ms: Math.round(now() - nowMs), status, body, problem, hint };
  };
}

/** Each test is about another one: who answers to one does not silence the next. */
function sampleIncident(id: string, at: string): Incident {
  return {
    id: `test_${id}`,
    ruleId: null,
    rule: 'Test',
    target: null,
    severity: 'ticket',
    status: 'open',
    flapping: false,
    openedAt: at,
    since: at,
    closedAt: null,
    summary: 'this is a test message, and nothing is wrong',
    observed: null,
    allowed: null,
    trust: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
    mutedUntil: null,
    groupId: null,
    labels: {},
  };
}
