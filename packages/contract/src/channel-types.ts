/** Where messages about incidents go. */
export const CHANNEL_TYPES = ['webhook', 'email', 'slack', 'teams', 'pagerduty', 'apprise'] as const;
export type ChannelType = (typeof CHANNEL_TYPES)[number];

/** In the order of `Date.getUTCDay`. */
export const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Fields that are kept encrypted and never shown. `${NAME}` alone stands for a stored secret, and is shown. */
export const SEALED_FIELDS = {
  webhook: ['secret'],
  email: ['password'],
  slack: ['url'],
  teams: ['url'],
  pagerduty: ['routingKey'],
  apprise: ['urls'],
} as const satisfies Record<ChannelType, readonly string[]>;

/** Those of them without which nothing can be sent. */
export const NEEDED_FIELDS: Readonly<Record<ChannelType, readonly string[]>> = {
  webhook: ['secret'],
  email: [],
  slack: ['url'],
  teams: ['url'],
  pagerduty: ['routingKey'],
  apprise: [],
};

/** A text that is a reference and nothing else. */
const REFERENCE = /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/;

/** Whether a text is `${NAME}` and nothing else. */
export function isReference(text: string): boolean {
  return REFERENCE.test(text);
}
