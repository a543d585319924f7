import type { Incident, IncidentEvent, IncidentEventType, Maintenance, Rule } from '@hive/contract';

/** What a rule has seen of a target. */
export interface WatchState {
  /** The time of the newest that was seen, ISO 8601: what is not newer says nothing more. */
  at: string;
  isOpen: boolean;
  flapping: boolean;
  /** The newest usable results, oldest first: `g` good, `b` bad. */
  recent: string;
}

export type IncidentFound = Pick<
  Incident,
  'rule' | 'severity' | 'since' | 'summary' | 'observed' | 'allowed' | 'trust' | 'labels'
> & { machine?: { loadPerCore: number; cores: number } };

/** What a watch is about: the same key, the same thing. */
export interface Watching {
  key: string;
  ruleId: string | null;
  target: string | null;
}

/** What becomes of an incident. `open`: a new one, if none of its key is open. */
export interface Change {
  type: Extract<IncidentEventType, 'opened' | 'flapping' | 'failing' | 'closed'>;
  at: string;
  text: string;
  found: IncidentFound;
}

export interface IncidentFilter {
  target?: string | undefined;
  status?: 'open' | 'closed' | undefined;
  /** ISO 8601; both inclusive. */
  from?: string | undefined;
  to?: string | undefined;
  /** The same rule and target as this one, and opened before it. */
  before?: Incident | undefined;
  /** Those that come after this one in the same list. */
  after?: Pick<Incident, 'id' | 'openedAt'> | undefined;
  limit: number;
}

export interface IncidentTable {
  /** Throws HiveError `not_found` for an unknown target. */
  createRule(rule: Rule): Promise<void>;
  replaceRule(rule: Rule): Promise<boolean>;
  /** Oldest first. */
  listRules(): Promise<Rule[]>;
  deleteRule(id: string): Promise<boolean>;

  createMaintenance(maintenance: Maintenance): Promise<void>;
  /** Those that had not ended by then, or all; the newest first. */
  listMaintenance(filter: { endedAfter?: string | undefined; limit: number }): Promise<Maintenance[]>;
  deleteMaintenance(id: string): Promise<boolean>;

  /**
   * Moves a watch on, alone of all servers: `fold` gets what it has seen, `start` at first, and says what it has seen now and what that changes.
   * All of it is written, or nothing. Returns the incidents that changed.
   */
  watch(
    watching: Watching,
    start: WatchState,
    fold: (state: WatchState) => { state: WatchState; changes: Change[] },
  ): Promise<Incident[]>;
  getIncident(id: string): Promise<(Incident & { machine: { loadPerCore: number; cores: number } | null }) | null>;
  /** Closes what a rule opened, and forgets what it has seen. Returns what was closed. */
  closeOfRule(ruleId: string, told: { at: string; who: string | null; text: string }): Promise<Incident[]>;
  /** The keys of those that are open and begin like this. */
  openKeys(prefix: string): Promise<string[]>;
  /** The newest first. */
  listIncidents(filter: IncidentFilter): Promise<Incident[]>;
  /** Oldest first. */
  listIncidentEvents(incidentId: string): Promise<IncidentEvent[]>;
  /** What a person, or Hive by itself, says about an incident; `set`: what that changes. Null: the same was said already, or there is none. */
  noteIncident(
    event: IncidentEvent & { key?: string },
    set: Partial<Pick<Incident, 'acknowledgedAt' | 'acknowledgedBy' | 'mutedUntil' | 'closedAt'>>,
  ): Promise<Incident | null>;
}
