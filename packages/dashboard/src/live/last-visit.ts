/** After this long away, one is told what happened meanwhile. */
const AWAY_MS = 12 * 3_600_000;

/** What a browser keeps of its visits, ms since 1970. */
export interface Visits {
  /** When a page was open last. */
  seenAt: number;
  /** The end of the visit before, while what happened since is to be told; null: nothing is. */
  since: number | null;
}

/** The visits at a time at which a page is open. What is to be told stays until it is put away, or a day of visits has passed over it. */
export function visit(kept: Visits | null, now: number): Visits {
  if (kept === null) return { seenAt: now, since: null };
  if (now - kept.seenAt > AWAY_MS) return { seenAt: now, since: kept.seenAt };
  return { ...kept, seenAt: Math.max(now, kept.seenAt) };
}

/** What was kept, as text; null: nothing that can be read. */
export function readVisits(text: string | null): Visits | null {
  const [seenAt, since] = (text ?? '').split(' ').map(Number);
  if (seenAt === undefined || !(seenAt > 0)) return null;
  return { seenAt, since: since !== undefined && since > 0 ? since : null };
}

export function writeVisits({ seenAt, since }: Visits): string {
  return since === null ? String(seenAt) : `${seenAt} ${since}`;
}
