import { HiveError, type Applied, type HiveDocument, type RouteParsed } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import { shownChannel } from '../../channels/find-channel.js';
import type { Verb } from '../verb.js';
import {
  channelRules,
  maintenanceRules,
  ruleRules,
  scheduleRules,
  targetRules,
  type ApplyParts,
  type DemandTarget,
  type Specs,
} from './kinds.js';
import { planKind, type Step, type Wanted } from './plan-kind.js';

/** Far more than files describe. */
const MOST_MAINTENANCE = 1_000;

type Asked = RouteParsed<'applyDocuments'>['body'];

/**
 * Makes everything as documents describe it; a second time changes nothing. Everything is checked, also what the caller may do, before
 * anything is changed, and all of it is changed, or nothing. Throws HiveError `validation`, `forbidden`, `refused_by_safety`, each naming the document.
 */
export function applyDocuments(parts: ApplyParts): Verb<Asked, Applied> {
  return async (actor, { documents, dryRun, prune }) => {
    demand(actor, 'read');
    const plans = await plan(parts, { documents, prune });
    // Later kinds name earlier ones: they are made after them, and deleted before them.
    const deleted = prune ? plans.toReversed().flatMap(({ unwanted }) => unwanted) : [];
    const steps = [...plans.flatMap(({ made }) => made), ...deleted];
    const changing = steps.filter(({ run }) => run !== null);
    for (const { permission } of changing) demand(actor, permission);
    const acting = { ...actor, applies: true as const };
    if (!dryRun && changing.length > 0)
      await parts.together(async (verbs) => {
        for (const { run } of changing) await run?.({ actor: acting, verbs });
      });
    return { dryRun, changes: steps.map(({ kind, id, change }) => ({ kind, id, change })) };
  };
}

async function plan(
  parts: ApplyParts,
  { documents, prune }: Pick<Asked, 'documents' | 'prune'>,
): Promise<{ made: Step[]; unwanted: Step[] }[]> {
  const { store } = parts;
  const targets = await planKind(wanted(documents, 'target'), targetRules(parts, await store.listTargets()));
  const gone = new Set(prune ? targets.unwanted.map(({ id }) => id) : []);
  const known = new Set([...(await store.listTargets()), ...targets.made].map(({ id }) => id));
  const demandTarget: DemandTarget = (id) => {
    if (id === undefined || (known.has(id) && !gone.has(id))) return;
    throw new HiveError('validation', `spec.target: there is no target with the id '${id}'`, {
      hint: 'describe it in a file beside this one, or correct the id',
    });
  };
  const maintenance = await store.listMaintenance({ limit: MOST_MAINTENANCE });
  return [
    targets,
    await planKind(wanted(documents, 'channel'), channelRules((await store.listChannels()).map(shownChannel))),
    await planKind(wanted(documents, 'schedule'), scheduleRules(parts, await store.listSchedules({}), demandTarget)),
    await planKind(wanted(documents, 'rule'), ruleRules(await store.listRules(), demandTarget)),
    await planKind(wanted(documents, 'maintenance'), maintenanceRules(maintenance, demandTarget)),
  ];
}

/** The documents of a kind, each with its place among all. */
function wanted<Kind extends keyof Specs>(documents: readonly HiveDocument[], kind: Kind): Wanted<Specs[Kind]>[] {
  return documents.flatMap((document, index) =>
    document.kind === kind ? [{ id: document.id, spec: document.spec as Specs[Kind], index }] : [],
  );
}
