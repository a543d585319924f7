import { cpus, loadavg } from 'node:os';
import {
  newIncidentEventId,
  type Condition,
  type Incident,
  type Rule,
  type ServiceCheck,
  type Target,
} from '@hive/contract';
import type { Clock } from '@hive/engine';
import type { Log } from '../log.js';
import type { LedFleet } from '../fleet/led-fleet.js';
import type { Change, Store, Watching, WatchState } from '../store/store.js';
import { isCutOff } from './cut-off.js';
import { follow, unseen } from './follow.js';
import { CLOSE_AFTER, type Observation } from './judge-rule.js';
import { observe, type Observing } from './observe.js';
import {
  generatorLeft,
  isAbout,
  judgeGenerator,
  keyOfGenerators,
  noteSilent,
  type SilentSince,
} from './silent-generators.js';
import { lookAtSchedules } from './unmeasured.js';

const MINUTE_MS = 60_000;
const CUT_OFF_MS = 5 * MINUTE_MS;
/** How many minutes pass between looks at what changes slowly. */
const SCHEDULES_EVERY = 10;
const HEADROOM_EVERY = 60;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Times of maintenance that are looked at. */
const MOST_WINDOWS = 200;

export interface Watcher {
  /** A check was kept. */
  onCheck(check: ServiceCheck): Promise<void>;
  /** A session or a scheduled run of a target ended. */
  onMeasured(target: string): Promise<void>;
  close(): Promise<void>;
}

export interface WatcherParts extends Pick<Observing, 'headroom' | 'compare'> {
  store: Store;
  clock: Clock;
  log: Log;
  /** Load generators on other machines; null: there are none. */
  fleet?: Pick<LedFleet, 'view'> | null;
  /** Hears of incidents that changed. */
  changed: (incidents: Incident[]) => Promise<void>;
}

type Kinds = readonly Condition['type'][];
const OF_CHECKS: Kinds = ['checks'];
const OF_MEASUREMENTS: Kinds = ['limit', 'worse', 'headroom', 'schedule'];

/** Applies rules to what is found, in the order in which it was found. Of several servers on one store, each result is used once. */
export function createWatcher(parts: WatcherParts): Watcher {
  const { store, clock, log } = parts;
  const over = new AbortController();
  /** How far each watch was read by this server. */
  const readTo = new Map<string, string>();
  const silentSince: SilentSince = new Map();
  let perhapsCutOff = true;
  const now = (): string => new Date(clock.wall()).toISOString();
  const observing: Observing = { ...parts, now };

  async function move(watching: Watching, asked: Moved): Promise<void> {
    const { observations, rule, closeAfter, start } = asked;
    const openedAt = now();
    const changed = await store.watch(watching, unseen(start), (first) => {
      let state: WatchState = first;
      const changes: Change[] = [];
      for (const seen of observations) {
        const { state: next, turn } = follow(state, seen, closeAfter);
        state = next;
        if (turn !== null) changes.push({ type: turn, at: openedAt, text: seen.summary, found: foundOf(rule, seen) });
      }
      return { state, changes };
    });
    for (const one of changed) log.warn({ incident: one.id, status: one.status, target: one.target }, one.summary);
    if (changed.length > 0) await parts.changed(changed);
  }

  async function look(targetId: string, kinds: Kinds, inhibited = false): Promise<void> {
    const rules = (await store.listRules()).filter(
      ({ on, target, when }) => on && kinds.includes(when.type) && (target === null || target === targetId),
    );
    const target = rules.length === 0 ? null : await store.getTarget(targetId);
    if (target === null) return;
    const endedAfter = new Date(clock.wall() - DAY_MS).toISOString();
    const windows = await store.listMaintenance({ endedAfter, limit: MOST_WINDOWS });
    for (const rule of rules) {
      const key = `${rule.id}/${targetId}`;
      const since = readTo.get(key) ?? rule.changedAt;
      const seen = await observe(rule, { target, since, windows }, observing);
      if (seen.length === 0) continue;
      const observations = inhibited ? seen.map((one) => ({ ...one, sign: 'none' as const })) : seen;
      const labels = { ...target.labels, ...rule.labels };
      const asked = { observations, rule: { ...rule, labels }, closeAfter: CLOSE_AFTER[rule.when.type] };
      await move({ key, ruleId: rule.id, target: targetId }, { ...asked, start: rule.changedAt });
      readTo.set(key, seen.at(-1)?.at ?? since);
    }
  }

  /** Whether Hive itself reaches nothing; an incident of its own says so. */
  async function isInhibited(check: ServiceCheck): Promise<boolean> {
    if (check.result !== 'fail' && !(perhapsCutOff && check.result === 'pass')) return false;
    const newest = await store.newestChecks({ from: new Date(clock.wall() - CUT_OFF_MS).toISOString(), to: now() });
    const local = new Set((await store.listTargets()).filter(isOfThisMachine).map(({ id }) => id));
    const cutOff = isCutOff(newest, (target) => local.has(target));
    if (!cutOff && !perhapsCutOff) return false;
    perhapsCutOff = cutOff;
    const summary = cutOff
      ? `Hive reaches none of ${newest.length} targets: its own network may be down, and incidents of targets are not opened`
      : 'Hive reaches its targets again';
    await ofHive('network', { sign: cutOff ? 'bad' : 'good', summary, severity: 'page' });
    return cutOff;
  }

  async function ofHive(
    name: string,
    { sign, summary, severity }: { sign: 'good' | 'bad'; summary: string; severity: Rule['severity'] },
  ): Promise<void> {
    const at = now();
    const nothing = { observed: null, allowed: null, trust: null };
    const rule = { name: 'Hive itself', severity, labels: {} };
    const start = new Date(clock.wall() - 1).toISOString();
    const observations = [{ at, since: at, sign, summary, ...nothing }];
    await move({ key: `hive/${name}`, ruleId: null, target: null }, { observations, rule, closeAfter: 1, start });
  }

  /** What load generators are there, and for how long others are not, as rules about them see it. */
  async function lookAtGenerators(): Promise<void> {
    const all = parts.fleet?.view().loadGenerators ?? [];
    noteSilent(all, silentSince, clock.wall());
    if (parts.fleet == null) return;
    for (const rule of (await store.listRules()).filter(({ on, when }) => on && when.type === 'load_generators')) {
      const nowMs = clock.wall();
      const seen = new Map<string, Observation>();
      for (const one of all.filter((generator) => isAbout(rule, generator)))
        seen.set(one.name, judgeGenerator(one, silentSince, nowMs));
      const prefix = keyOfGenerators(rule);
      for (const key of await store.openKeys(prefix)) {
        const name = key.slice(prefix.length);
        if (!seen.has(name)) seen.set(name, generatorLeft(name, nowMs));
      }
      for (const [name, observation] of seen) {
        const asked = { observations: [observation], rule, closeAfter: CLOSE_AFTER.load_generators };
        await move({ key: prefix + name, ruleId: rule.id, target: null }, { ...asked, start: rule.changedAt });
      }
    }
  }

  /** Says again that something is open. */
  async function remind(): Promise<void> {
    const rules = new Map((await store.listRules()).map((rule) => [rule.id, rule]));
    if (![...rules.values()].some(({ remindMinutes }) => remindMinutes !== null)) return;
    for (const incident of await store.listIncidents({ status: 'open', limit: 500 })) {
      const every = rules.get(incident.ruleId ?? '')?.remindMinutes ?? null;
      const count =
        every === null ? 0 : Math.floor((clock.wall() - Date.parse(incident.openedAt)) / (every * MINUTE_MS));
      if (count < 1 || incident.acknowledgedAt !== null || incident.groupId !== null) continue;
      const event = { id: newIncidentEventId(), incidentId: incident.id, at: now(), who: null, text: null };
      const told = await store.noteIncident({ ...event, type: 'reminded', key: `reminded ${count}` }, {});
      if (told !== null) await parts.changed([told]);
    }
  }

  async function tick(count: number): Promise<void> {
    await remind();
    await lookAtGenerators();
    if (count % SCHEDULES_EVERY === 0) await lookAtSchedules({ store, nowMs: clock.wall(), ofHive });
    if (count % HEADROOM_EVERY !== 0) return;
    // Also what ended while no Hive ran.
    for (const { id } of await store.listTargets()) await look(id, [...OF_CHECKS, ...OF_MEASUREMENTS]);
  }

  async function keepLooking(): Promise<void> {
    for (let count = 0; !over.signal.aborted; count += 1) {
      await tick(count).catch((error: unknown) =>
        log.warn({ err: error }, 'rules could not be applied; it is tried again'),
      );
      await clock.sleep(MINUTE_MS, over.signal);
    }
  }
  const looking = keepLooking();

  return {
    async onCheck(check) {
      await look(check.target, OF_CHECKS, await isInhibited(check));
    },
    onMeasured: (target) => look(target, OF_MEASUREMENTS),
    async close() {
      over.abort();
      await looking;
    },
  };
}

interface Moved {
  observations: Observation[];
  rule: Pick<Rule, 'name' | 'severity' | 'labels'>;
  closeAfter: number;
  start: string;
}

function foundOf({ name, severity, labels }: Moved['rule'], seen: Observation): Change['found'] {
  const { since, summary, observed, allowed, trust } = seen;
  const cores = cpus().length || 1;
  const machine = { loadPerCore: Math.round(((loadavg()[0] ?? 0) / cores) * 100) / 100, cores };
  return { rule: name, severity, labels, since, summary, observed, allowed, trust, machine };
}

function isOfThisMachine({ nodes }: Target): boolean {
  return nodes.every(
    ({ url, socket }) => socket !== undefined || /^(localhost|127\.|\[?::1)/.test(new URL(url).hostname),
  );
}
