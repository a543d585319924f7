import type { Channel, ChannelType, Delivery, Incident, IncidentEvent, Labels } from '@hive/contract';

/** A channel as it is kept. */
export interface StoredChannel extends Pick<Channel, 'id' | 'createdAt' | 'changedAt' | 'name' | 'on'> {
  type: ChannelType;
  when: Labels;
  /** What may be shown. */
  settings: Record<string, unknown>;
  /** What may not, encrypted, by field. */
  sealed: Record<string, string>;
}

export interface SealedSecret {
  name: string;
  changedAt: string;
  /** Null: it was left out of the backup that it came from. */
  sealed: string | null;
}

/** An event of which it is not decided yet who is told. */
export interface UnplannedEvent {
  event: IncidentEvent;
  incident: Incident;
  /** Channels that have heard of this incident, or will. */
  told: readonly string[];
  /** Those that have heard of the incident that it was opened with. */
  leadTold: readonly string[];
}

export interface ClaimedDelivery {
  delivery: Delivery;
  event: IncidentEvent;
}

/** What a try came to. `waiting`: it is tried again at `nextAt`. */
export type Tried = Pick<Delivery, 'status' | 'nextAt' | 'endedAt' | 'answer' | 'reason'>;

/** What a try of a weekly mail came to. `nextAt`: when it is tried again. */
export interface WeeklyTry {
  nextAt: Date | null;
  endedAt: Date | null;
  problem: string | null;
}

export interface ChannelTable {
  /** Throws HiveError `conflict` where the id is taken. */
  createChannel(channel: StoredChannel): Promise<void>;
  replaceChannel(channel: StoredChannel): Promise<boolean>;
  /** Oldest first. */
  listChannels(): Promise<StoredChannel[]>;
  deleteChannel(id: string): Promise<boolean>;

  /**
   * Decides about events in the order in which they happened, alone of all servers: `plan` says which channels hear of each. Each
   * channel hears of an event once. Returns how many were decided.
   */
  planDeliveries(
    plan: (event: UnplannedEvent) => readonly string[],
    given: { at: Date; dueAt: Date; newId: () => string; limit: number },
  ): Promise<number>;
  /** Takes what is due and nobody holds, and counts the try. What comes before it to the same channel about the same incident has ended. */
  claimDeliveries(given: {
    now: Date;
    leaseUntil: Date;
    limit: number;
    /** Ids of those that the caller is sending. */
    besides?: readonly string[];
  }): Promise<ClaimedDelivery[]>;
  endTry(id: string, tried: Tried): Promise<void>;
  /** When the next one is due, or is no longer held. */
  nextDeliveryAt(): Promise<Date | null>;
  /** About an incident, oldest first. */
  listDeliveries(incidentId: string): Promise<Delivery[]>;

  /**
   * Takes the try of a weekly mail that is due, for one caller alone. Null: somebody else has it, it was sent, or nobody said how the last
   * try ended. Otherwise which try it is. Throws HiveError `not_found` where the channel is gone.
   */
  claimWeeklyMail(channelId: string, mail: { dueAt: Date; now: Date }): Promise<number | null>;
  endWeeklyTry(channelId: string, dueAt: Date, tried: WeeklyTry): Promise<void>;

  /** The newest weekly mail of each channel that was owed one. */
  listWeeklyMails(): Promise<({ channel: string } & NonNullable<Channel['lastWeekly']>)[]>;

  setSecret(secret: SealedSecret): Promise<void>;
  /** By name. */
  listSecrets(): Promise<SealedSecret[]>;
  deleteSecret(name: string): Promise<boolean>;
}
