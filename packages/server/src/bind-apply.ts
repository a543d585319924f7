import type { AuditEntry, Incident, Target } from '@hive/contract';
import type { Actions } from './actions/actions.js';
import { applyDocuments } from './actions/apply/apply-documents.js';
import type { ApplyVerbs } from './actions/apply/apply-verbs.js';
import { audited, type Auditor } from './actions/audit/audited.js';
import { deleteTarget } from './actions/targets/delete-target.js';
import type { Verb } from './actions/verb.js';
import { channelActions } from './channel-parts.js';
import { demand } from './identity/principal.js';
import type { Log } from './log.js';
import type { SessionRunner } from './sessions/session-runner.js';
import type { Store } from './store/store.js';
import { teamActions, type Team } from './team.js';

interface Parts {
  store: Store;
  allowTargets: readonly string[];
  /** Wall clock, ms since 1970. */
  now: () => number;
  log: Log;
  runner: Pick<SessionRunner, 'status'>;
  team: Team;
  auditor: Auditor;
}

/**
 * Binds what makes everything as documents describe it, in one transaction: everything is as they say, or as it was. Each change is kept in the
 * audit as if it had been asked for alone.
 */
export function applyAction(parts: Parts): Pick<Actions, 'applyDocuments'> {
  return { applyDocuments: applyDocuments({ ...parts, together: (work) => together(parts, work) }) };
}

/** Whatever others hear of waits until it is done: of what is undone they hear nothing. */
async function together(parts: Parts, work: (verbs: ApplyVerbs) => Promise<void>): Promise<void> {
  const { store, auditor } = parts;
  // Within the transaction nothing but the transaction may be asked: the embedded database has one connection.
  const status = await parts.runner.status();
  const later: (() => unknown)[] = [];
  const entries: AuditEntry[] = [];
  const done = store.atomically(async (data) => {
    const inside: Store = { ...store, ...data, atomically: (inner) => inner(data) };
    const audit = { addAudit: async (entry: AuditEntry) => void entries.push(entry) };
    const runner = { status: async () => status };
    await work(verbsIn({ ...parts, store: inside, runner, auditor: { ...auditor, audit } }, later));
  });
  const failed = await done.then(
    () => false,
    () => true,
  );
  for (const entry of entries)
    if (!failed || entry.outcome !== 'done')
      await auditor.audit
        .addAudit(entry)
        .catch((error: unknown) => auditor.log.error({ err: error, entry }, 'an audit row was not kept'));
  await done;
  for (const tell of later) await tell();
}

/** The verbs that everybody has, within one transaction. */
function verbsIn(parts: Parts, later: (() => unknown)[]): ApplyVerbs {
  const { store, now, team } = parts;
  const log = logLater(parts.log, later);
  const telling: Team = {
    ...team,
    scheduler: { ...team.scheduler, kick: () => void later.push(() => team.scheduler.kick()) },
    changed: async (incidents: Incident[]) => void later.push(() => team.changed(incidents)),
  };
  const place = { store, log, now };
  const verbs = {
    ...teamActions({ ...place, team: telling }),
    ...channelActions(place, team.channels),
    createTarget: saveTarget(store, log),
    replaceTarget: saveTarget(store, log),
    deleteTarget: deleteTarget({ ...parts, log }),
  };
  return audited(verbs, parts.auditor);
}

/** Its address was checked before: here nothing is dialled. */
function saveTarget(store: Store, log: Log): Verb<Target, void> {
  return async (actor, target) => {
    demand(actor, 'target.write');
    await store.saveTarget(target);
    log.info({ target: target.id, who: actor.id }, 'target saved');
  };
}

function logLater(log: Log, later: (() => unknown)[]): Log {
  const at =
    (level: keyof Log) =>
    (details: object, text: string): void =>
      void later.push(() => log[level](details, text));
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
