import type { StoredSecret } from '@hive/contract';
import type { Clock, Environment } from '@hive/engine';
import type { ChannelActions } from './actions/channels/channel-actions.js';
import { createChannel } from './actions/channels/create-channel.js';
import { deleteChannel } from './actions/channels/delete-channel.js';
import { getChannel, listChannels } from './actions/channels/list-channels.js';
import { replaceChannel } from './actions/channels/replace-channel.js';
import { deleteSecret, listSecrets, setSecret } from './actions/channels/secrets.js';
import { testChannel } from './actions/channels/test-channel.js';
import { createMailSender, createSender, type MailSender, type Sender } from './channels/sender.js';
import { readSmtpUrl } from './channels/smtp-url.js';
import type { Config } from './config.js';
import type { Principal } from './identity/principal.js';
import type { Log } from './log.js';
import type { Store } from './store/store.js';
import { createSecrets, type Secrets } from './vault/secrets.js';
import { createVault, type Vault } from './vault/vault.js';

/** What channels and secrets need. */
export interface ChannelKit {
  vault: Vault;
  secrets: Secrets;
  send: Sender;
  sendMail: MailSender;
  /** Where the dashboard is. */
  publicUrl: string;
}

export function createChannelKit(config: Config, { store, clock }: { store: Store; clock: Clock }): ChannelKit {
  const { dataDir, encryptionKeyFile: keyFile, publicUrl, dashboardPort, allowChannels, smtpUrl } = config;
  const vault = createVault({ dataDir, keyFile });
  const secrets = createSecrets({ store, vault, environment: config.secrets });
  const smtp = smtpUrl === null ? null : readSmtpUrl(smtpUrl);
  const sending = { vault, secrets, clock, allowChannels, smtp };
  return {
    vault,
    secrets,
    send: createSender(sending),
    sendMail: createMailSender(sending),
    publicUrl: publicUrl?.replace(/\/+$/, '') ?? `http://localhost:${dashboardPort}`,
  };
}

/** Binds the verbs of channels and secrets. */
export function channelActions(
  parts: { store: Store; log: Log; now: () => number },
  { vault, send, publicUrl }: ChannelKit,
): ChannelActions {
  const { store } = parts;
  const changing = { ...parts, vault };
  return {
    listChannels: listChannels(store),
    getChannel: getChannel(store),
    createChannel: createChannel(changing),
    replaceChannel: replaceChannel(changing),
    deleteChannel: deleteChannel(parts),
    testChannel: testChannel({ ...parts, send, publicUrl }),
    listSecrets: listSecrets(parts),
    setSecret: setSecret(changing),
    deleteSecret: deleteSecret(parts),
  };
}

/** Secrets, as whoever can read the data directory changes them. */
export interface LocalSecrets {
  list(): Promise<StoredSecret[]>;
  set(name: string, value: string): Promise<StoredSecret>;
  remove(name: string): Promise<void>;
}

/** The values of stored secrets, to whoever can read the data directory and the key. */
export function localSecretValues(
  store: Store,
  { dataDir, encryptionKeyFile: keyFile = null }: { dataDir: string; encryptionKeyFile?: string | null },
  names: readonly string[],
): Promise<Environment> {
  return createSecrets({ store, vault: createVault({ dataDir, keyFile }), environment: {} }).named(names);
}

/** Throws as the routes do. */
export function localSecrets(
  parts: { store: Store; log: Log; now: () => number },
  place: { dataDir: string; encryptionKeyFile?: string | null; actor: Principal },
): LocalSecrets {
  const { dataDir, encryptionKeyFile: keyFile = null, actor } = place;
  const changing = { ...parts, vault: createVault({ dataDir, keyFile }) };
  return {
    list: () => listSecrets(parts)(actor),
    set: (name, value) => setSecret(changing)(actor, { name, value }),
    remove: (name) => deleteSecret(parts)(actor, name),
  };
}
