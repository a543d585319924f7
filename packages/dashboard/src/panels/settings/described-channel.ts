import {
  SEALED_FIELDS,
  WEEKDAYS,
  type Channel,
  type ChannelInput,
  type ChannelType,
  type RouteInput,
} from '@hive/contract';
import { labelsIn, sayLabels } from '../labels-text';

/** What each type is called, and what one writes for it. A dot leads into a group. */
export interface ChannelField {
  name: string;
  label: string;
  hint?: string;
  placeholder?: string;
  choices?: readonly string[];
  /** What it means to choose none. */
  none?: string;
}

export const CHANNEL_NAMES: Readonly<Record<ChannelType, string>> = {
  webhook: 'Webhook',
  email: 'E-mail',
  slack: 'Slack',
  teams: 'Microsoft Teams',
  pagerduty: 'PagerDuty',
  apprise: 'Apprise (everything else)',
};

export const CHANNEL_FIELDS: Readonly<Record<ChannelType, readonly ChannelField[]>> = {
  webhook: [
    { name: 'url', label: 'Address', placeholder: 'https://hooks.example.org/hive' },
    { name: 'secret', label: 'Secret that signs', hint: 'At least 16 characters.' },
  ],
  email: [
    { name: 'to', label: 'To', hint: 'Several, with commas between them.', placeholder: 'on-call@example.org' },
    { name: 'from', label: 'From', placeholder: 'hive@example.org' },
    { name: 'smtp.host', label: 'Mail server', hint: 'Empty: the one of HIVE_SMTP_URL.' },
    { name: 'smtp.port', label: 'Port', placeholder: '587' },
    { name: 'smtp.security', label: 'Encryption', choices: ['starttls', 'tls', 'none'] },
    { name: 'smtp.user', label: 'User (optional)' },
    { name: 'password', label: 'Password (optional)' },
    {
      name: 'weekly',
      label: 'Weekly mail',
      hint: 'At 07:00 UTC: what happened in the week before.',
      choices: WEEKDAYS,
      none: 'never',
    },
  ],
  slack: [{ name: 'url', label: 'Address of the incoming webhook' }],
  teams: [{ name: 'url', label: 'Address of the workflow' }],
  pagerduty: [
    { name: 'routingKey', label: 'Integration key (Events API v2)' },
    { name: 'url', label: 'Address', hint: 'Empty: the one outside the EU.' },
  ],
  apprise: [
    { name: 'url', label: 'Address of apprise-api', placeholder: 'http://apprise:8000/notify/hive' },
    { name: 'tag', label: 'Tag (optional)' },
    { name: 'urls', label: 'Addresses (optional)', hint: 'For an apprise-api that stores none.' },
  ],
};

/** A channel as a form holds it. */
export interface DescribedChannel {
  id: string;
  name: string;
  when: string;
  type: ChannelType;
  /** By the names of its fields. */
  values: Readonly<Record<string, string>>;
}

/** The form of a channel; null: of a new one. What is kept sealed is not in it. */
export function describeChannel(channel: Channel | null): DescribedChannel {
  if (channel === null) return { id: '', name: '', when: '', type: 'webhook', values: {} };
  const { id, name, when, type } = channel;
  const values = CHANNEL_FIELDS[type].flatMap((field) => {
    const text = textOf(valueAt(channel, field.name));
    return text === null ? [] : [[field.name, text] as const];
  });
  return { id, name: name ?? '', when: sayLabels(when), type, values: Object.fromEntries(values) };
}

function valueAt(channel: Channel, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], channel);
}

function textOf(value: unknown): string | null {
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

/** Whether a field is kept encrypted and never shown. */
export function isSealed(type: ChannelType, field: string): boolean {
  return (SEALED_FIELDS[type] as readonly string[]).includes(field);
}

/** What the API is sent; it says what is wrong with it. What is empty is left out, and stays as it is where it is sealed. */
export function channelOf(form: DescribedChannel, { isNew, on }: { isNew: boolean; on: boolean }): ChannelInput {
  const { id, name, when, type, values } = form;
  const settings: Record<string, unknown> = {};
  for (const field of CHANNEL_FIELDS[type]) {
    const text = (values[field.name] ?? '').trim();
    const [group, inner] = field.name.split('.');
    if (text === '' || group === undefined) continue;
    if (inner === undefined) settings[group] = sent(group, text);
    // Of a mail server without a name nothing is meant.
    else if ((values['smtp.host'] ?? '').trim() !== '')
      settings[group] = { ...(settings[group] as object | undefined), [inner]: sent(inner, text) };
  }
  return {
    type,
    on,
    when: labelsIn(when),
    ...(isNew && id.trim() !== '' ? { id: id.trim() } : {}),
    ...(name.trim() === '' ? {} : { name }),
    ...settings,
  } as ChannelInput;
}

function sent(field: string, text: string): unknown {
  if (field === 'port') return Number(text);
  if (field !== 'to') return text;
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

/** A channel as it is sent to be turned on or off: what is sealed stays. */
export function turned(channel: Channel, on: boolean): RouteInput<'replaceChannel'>['body'] {
  return channelOf(describeChannel(channel), { isNew: false, on });
}
