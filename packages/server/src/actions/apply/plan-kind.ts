import { HiveError, storedIdOf, type Applied, type DocumentKind, type Permission } from '@hive/contract';
import type { By } from './apply-verbs.js';

export type Change = Applied['changes'][number];

/** Something that is to be done, or that is as it should be. */
export interface Step extends Change {
  permission: Permission;
  /** Null: there is nothing to do. */
  run: ((by: By) => Promise<unknown>) | null;
}

/** A document of one kind, and its place among all. */
export interface Wanted<Spec> {
  id: string;
  spec: Spec;
  index: number;
}

/** How things of one kind are compared and made. Ids are those under which they are stored. */
export interface KindRules<Spec, Stored> {
  kind: DocumentKind;
  permission: Permission;
  stored: readonly Stored[];
  idOf(stored: Stored): string;
  /** Made from a file, and not by hand. */
  isOfFile(stored: Stored): boolean;
  /** What a file calls it. */
  nameOf(stored: Stored): string;
  /** @throws HiveError for what could not be made. */
  check(id: string, spec: Spec): Promise<unknown>;
  isSame(stored: Stored, spec: Spec): Promise<boolean>;
  create(by: By, id: string, spec: Spec): Promise<unknown>;
  replace(by: By, id: string, spec: Spec): Promise<unknown>;
  remove(by: By, id: string): Promise<unknown>;
}

/** What is to be done so that everything of a kind is as documents say. Nothing is changed. @throws HiveError naming the document. */
export async function planKind<Spec, Stored>(
  wanted: readonly Wanted<Spec>[],
  rules: KindRules<Spec, Stored>,
): Promise<{ made: Step[]; unwanted: Step[] }> {
  const { kind, permission, stored } = rules;
  const known = new Map(stored.map((one) => [rules.idOf(one), one]));
  const made: Step[] = [];
  const seen = new Set<string>();
  for (const document of wanted) {
    const { spec } = document;
    const id = storedIdOf(kind, document.id);
    const step = { kind, id: document.id, permission };
    const named =
      (run: (by: By) => Promise<unknown>): Step['run'] =>
      (by) =>
        ofDocument(kind, document, async () => void (await run(by)));
    await ofDocument(kind, document, async () => {
      if (seen.has(id)) throw new HiveError('validation', 'is described twice', { hint: 'keep one of them' });
      seen.add(id);
      await rules.check(id, spec);
      const before = known.get(id);
      if (before === undefined)
        made.push({ ...step, change: 'created', run: named((by) => rules.create(by, id, spec)) });
      else if (await rules.isSame(before, spec)) made.push({ ...step, change: 'unchanged', run: null });
      else made.push({ ...step, change: 'changed', run: named((by) => rules.replace(by, id, spec)) });
    });
  }
  const left = stored.filter((one) => rules.isOfFile(one) && !seen.has(rules.idOf(one)));
  const unwanted = left.map((one): Step => {
    const id = rules.idOf(one);
    return { kind, id: rules.nameOf(one), permission, change: 'deleted', run: (by) => rules.remove(by, id) };
  });
  return { made, unwanted };
}

/** Says of an error which document it is about. */
async function ofDocument(
  kind: DocumentKind,
  { id, index }: { id: string; index: number },
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof HiveError)) throw error;
    const { code, message, hint, details } = error;
    throw new HiveError(code, `${kind} ${id}: ${message}`, {
      ...(hint !== undefined && { hint }),
      details: { ...details, document: index },
    });
  }
}
