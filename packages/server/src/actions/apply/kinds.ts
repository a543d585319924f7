import { isDeepStrictEqual } from 'node:util';
import {
  documentIdOf,
  FILES,
  HiveError,
  isOfFiles,
  isReference,
  MANAGED_BY,
  SEALED_FIELDS,
  toTarget,
  type Channel,
  type HiveDocument,
  type Maintenance,
  type Rule,
  type Schedule,
  type Target,
} from '@hive/contract';
import { planSchedule } from '../../schedules/plan-schedule.js';
import type { Store } from '../../store/store.js';
import { checkSavable } from '../../targets/keep-target.js';
import { ruleOf } from '../incidents/create-rule.js';
import type { ApplyVerbs } from './apply-verbs.js';
import type { KindRules } from './plan-kind.js';

export interface ApplyParts {
  store: Store;
  allowTargets: readonly string[];
  /** Wall clock, ms since 1970. */
  now: () => number;
  /** Makes changes together: all of them, or none. */
  together(work: (verbs: ApplyVerbs) => Promise<void>): Promise<void>;
}

const MANAGED = { [MANAGED_BY]: FILES } as const;

/** What documents of each kind hold. */
export type Specs = { [One in HiveDocument as One['kind']]: One['spec'] };
/** Whether there is such a target, or will be. @throws HiveError `validation` naming the field. */
export type DemandTarget = (id: string | undefined) => void;

export function targetRules({ allowTargets }: ApplyParts, stored: readonly Target[]) {
  const marked = (spec: Specs['target']) => ({ ...spec, labels: { ...spec.labels, [MANAGED_BY]: FILES } });
  return {
    kind: 'target',
    permission: 'target.write',
    stored,
    idOf: ({ id }) => id,
    nameOf: ({ id }) => id,
    isOfFile: (target) => isOfFiles('target', target),
    check: async (id, spec) => {
      if (spec.id !== undefined && spec.id !== id)
        throw new HiveError('validation', `spec.id: must be '${id}', or absent`, { hint: 'the id stands above spec' });
      await checkSavable(toTarget(spec, id), allowTargets);
    },
    isSame: async (before, spec) => isSame(before, toTarget(marked(spec), before.id)),
    create: ({ actor, verbs }, id, spec) => verbs.createTarget(actor, toTarget(marked(spec), id)),
    replace: ({ actor, verbs }, id, spec) => verbs.replaceTarget(actor, toTarget(marked(spec), id)),
    remove: ({ actor, verbs }, id) => verbs.deleteTarget(actor, id),
  } satisfies KindRules<Specs['target'], Target>;
}

export function channelRules(stored: readonly Channel[]) {
  return {
    kind: 'channel',
    permission: 'channel.write',
    stored,
    idOf: ({ id }) => id,
    nameOf: ({ id }) => id,
    isOfFile: (channel) => isOfFiles('channel', channel),
    check: async (_id, spec) => {
      for (const field of SEALED_FIELDS[spec.type]) {
        const value = (spec as Record<string, unknown>)[field];
        if (typeof value !== 'string' || isReference(value)) continue;
        throw new HiveError('validation', `spec.${field}: a file holds no secret`, {
          hint: 'store it with PUT /api/secrets/NAME, and write ${NAME} here',
        });
      }
    },
    isSame: async ({ createdAt: _made, changedAt: _changed, set: _set, ...before }, spec) =>
      isSame(before, { ...spec, ...MANAGED, id: before.id, name: spec.name ?? null }),
    create: ({ actor, verbs }, id, spec) => verbs.createChannel(actor, { ...spec, ...MANAGED, id }),
    replace: ({ actor, verbs }, id, spec) => verbs.replaceChannel(actor, { id, channel: { ...spec, ...MANAGED } }),
    remove: ({ actor, verbs }, id) => verbs.deleteChannel(actor, id),
  } satisfies KindRules<Specs['channel'], Channel>;
}

export function scheduleRules({ now }: ApplyParts, stored: readonly Schedule[], demandTarget: DemandTarget) {
  const planned = (spec: Specs['schedule']) =>
    planSchedule({ ...spec, id: 'sch', createdAt: new Date(now()).toISOString() }, now());
  return {
    kind: 'schedule',
    permission: 'schedule.write',
    stored,
    idOf: ({ id }) => id,
    nameOf: ({ id }) => documentIdOf('schedule', id),
    isOfFile: (one) => isOfFiles('schedule', one),
    check: (_id, spec) => {
      demandTarget(spec.target);
      return planned(spec);
    },
    isSame: async ({ id: _id, createdAt: _made, nextAt: _next, ...before }, spec) => isSame(before, spec),
    create: ({ actor, verbs }, id, spec) => verbs.createSchedule(actor, { ...spec, id }),
    replace: ({ actor, verbs }, id, spec) => verbs.replaceSchedule(actor, { id, schedule: spec }),
    remove: ({ actor, verbs }, id) => verbs.deleteSchedule(actor, id),
  } satisfies KindRules<Specs['schedule'], Schedule>;
}

export function ruleRules(stored: readonly Rule[], demandTarget: DemandTarget) {
  return {
    kind: 'rule',
    permission: 'schedule.write',
    stored,
    idOf: ({ id }) => id,
    nameOf: ({ id }) => documentIdOf('rule', id),
    isOfFile: (one) => isOfFiles('rule', one),
    check: async (_id, spec) => demandTarget(spec.target),
    isSame: async (before, spec) => {
      const { id, createdAt, changedAt } = before;
      return isSame(before, ruleOf(spec, { id, createdAt, changedAt }));
    },
    create: ({ actor, verbs }, id, spec) => verbs.createRule(actor, { ...spec, id }),
    replace: ({ actor, verbs }, id, spec) => verbs.replaceRule(actor, { id, rule: spec }),
    remove: ({ actor, verbs }, id) => verbs.deleteRule(actor, id),
  } satisfies KindRules<Specs['rule'], Rule>;
}

export function maintenanceRules(stored: readonly Maintenance[], demandTarget: DemandTarget) {
  const timesOf = ({ from, to }: { from: string; to: string }) => [Date.parse(from), Date.parse(to)];
  return {
    kind: 'maintenance',
    permission: 'schedule.write',
    stored,
    idOf: ({ id }) => id,
    nameOf: ({ id }) => documentIdOf('maintenance', id),
    isOfFile: (one) => isOfFiles('maintenance', one),
    check: async (_id, spec) => demandTarget(spec.target),
    isSame: async (before, spec) =>
      isSame([before.target, before.reason, ...timesOf(before)], [spec.target ?? null, spec.reason, ...timesOf(spec)]),
    create: ({ actor, verbs }, id, spec) => verbs.createMaintenance(actor, { ...spec, id }),
    replace: async ({ actor, verbs }, id, spec) => {
      await verbs.deleteMaintenance(actor, id);
      await verbs.createMaintenance(actor, { ...spec, id });
    },
    remove: ({ actor, verbs }, id) => verbs.deleteMaintenance(actor, id),
  } satisfies KindRules<Specs['maintenance'], Maintenance>;
}

/** As they would be sent: what is undefined is absent. */
function isSame(one: unknown, other: unknown): boolean {
  const sent = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  return isDeepStrictEqual(sent(one), sent(other));
}
