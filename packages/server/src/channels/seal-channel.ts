import { HiveError, isReference, NEEDED_FIELDS, SEALED_FIELDS, type RouteParsed } from '@hive/contract';
import type { StoredChannel } from '../store/store.js';
import type { Vault } from '../vault/vault.js';
import { sealedAs } from './settings.js';

export type WrittenChannel = RouteParsed<'createChannel'>['body'];

/**
 * A channel as it is kept: what is secret is encrypted, `${NAME}` alone is not secret. What is secret and absent stays as it was before.
 * @throws HiveError `validation` naming a field that is needed.
 */
export async function sealChannel(
  { id: _id, name, type, when, on, ...fields }: WrittenChannel,
  made: Pick<StoredChannel, 'id' | 'createdAt' | 'changedAt'>,
  { vault, before }: { vault: Vault; before?: StoredChannel | undefined },
): Promise<StoredChannel> {
  const written: Record<string, unknown> = fields;
  const settings: Record<string, unknown> = {};
  const sealed: Record<string, string> = {};
  const hidden: readonly string[] = SEALED_FIELDS[type];
  for (const [field, value] of Object.entries(written)) {
    if (value === undefined) continue;
    if (typeof value === 'string' && hidden.includes(field) && !isReference(value))
      sealed[field] = await vault.seal(value, sealedAs(made.id, field));
    else settings[field] = value;
  }
  for (const field of hidden.filter((one) => written[one] === undefined)) {
    // Of another type it means something else.
    if (before?.type !== type) continue;
    const [kept, shown] = [before.sealed[field], before.settings[field]];
    if (kept !== undefined) sealed[field] = kept;
    if (shown !== undefined) settings[field] = shown;
  }
  for (const field of NEEDED_FIELDS[type]) {
    if (field in settings || field in sealed) continue;
    const message = 'is missing: give a string, or ${NAME} of a stored secret';
    throw new HiveError('validation', `${field}: ${message}`, { details: { problems: [{ field, message }] } });
  }
  return { ...made, name: name ?? null, type, when, on, settings, sealed };
}
