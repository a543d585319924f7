import { HiveError, NEEDED_FIELDS, type ChannelType } from '@hive/contract';
import { fillIn, referencesIn, valueOf } from '@hive/engine';
import type { StoredChannel } from '../store/store.js';
import type { Secrets } from '../vault/secrets.js';
import type { Vault } from '../vault/vault.js';
import type { ChannelSettings } from './channel-type.js';

export interface Opening {
  vault: Vault;
  secrets: Secrets;
}

/** The settings of a channel, complete, and what of them is secret. */
export interface OpenedSettings<Type extends ChannelType> {
  settings: ChannelSettings[Type];
  /** To be masked wherever the other side may send it back. */
  secret: string[];
}

/** What a field of a channel is sealed as. */
export const sealedAs = (channelId: string, field: string): string => `${field} of the channel ${channelId}`;

/** @throws HiveError `validation` naming what is missing or cannot be decrypted. */
export async function openSettings<Type extends ChannelType>(
  channel: StoredChannel & { type: Type },
  { vault, secrets }: Opening,
): Promise<OpenedSettings<Type>> {
  const opened: Record<string, unknown> = { ...channel.settings };
  const secret: string[] = [];
  for (const [field, sealed] of Object.entries(channel.sealed)) {
    const text = await vault.open(sealed, sealedAs(channel.id, field));
    opened[field] = text;
    secret.push(text);
  }
  const missing = NEEDED_FIELDS[channel.type].find((field) => opened[field] === undefined);
  if (missing !== undefined)
    throw new HiveError('validation', `${missing} of the channel ${channel.id} is not set`, {
      hint: 'it was left out of the backup that this Hive was restored from: set it again',
    });
  const names = textsIn(opened)
    .flatMap(referencesIn)
    .map(({ name }) => name);
  const environment = await secrets.named(names);
  const unset = textsIn(opened)
    .flatMap(referencesIn)
    .find((one) => valueOf(one, environment) === null);
  if (unset !== undefined)
    throw new HiveError('validation', `the channel ${channel.id} needs the secret ${unset.name}, which is not set`, {
      hint: `set it with: hive secret set ${unset.name}`,
    });
  secret.push(...Object.values(environment).flatMap((value) => value ?? []));
  const filled = mapTexts(opened, (text) => fillIn(text, environment));
  return { settings: filled as ChannelSettings[Type], secret: [...secret, ...secretParts(filled, channel.sealed)] };
}

/** An address may be secret in its path: then also the path alone is. */
function secretParts(filled: unknown, sealed: Record<string, string>): string[] {
  const { url } = filled as { url?: unknown };
  if (typeof url !== 'string' || sealed['url'] === undefined || !URL.canParse(url)) return [];
  return [new URL(url).pathname];
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapTexts(inner, change)]));
}
