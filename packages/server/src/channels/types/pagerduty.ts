import type { Channeling, ChannelSettings } from '../channel-type.js';
import { moodOf, type Message, type ToldEvent } from '../message.js';

const SEVERITIES = { bad: 'critical', warning: 'warning', good: 'info', info: 'info' } as const;

/** Events API v2 of PagerDuty. All of one incident has one dedup_key, so that it is one incident there too. */
export const pagerduty: Channeling<ChannelSettings['pagerduty']> = {
  keepsOpen: true,
  send: ({ url, routingKey }, message, { post }) =>
    post({ url, body: JSON.stringify({ routing_key: routingKey, ...eventOf(message) }) }),
};

function actionOf(event: ToldEvent): 'trigger' | 'acknowledge' | 'resolve' {
  if (event === 'closed') return 'resolve';
  return event === 'acknowledged' ? 'acknowledge' : 'trigger';
}

function eventOf(message: Message): object {
  const { event, incident, title, facts, link } = message;
  return {
    event_action: actionOf(event),
    dedup_key: incident.id,
    client: 'Hive',
    client_url: link,
    links: [{ href: link, text: 'Open in Hive' }],
    payload: {
      summary: title,
      source: incident.target ?? 'hive',
      severity: SEVERITIES[moodOf(message)],
      timestamp: incident.since,
      class: incident.rule,
      custom_details: Object.fromEntries(facts.map(({ label, text }) => [label, text])),
    },
  };
}
