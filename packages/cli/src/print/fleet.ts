import { duration, figure, type LoadGenerator } from '@hive/contract';
import { column } from './figures.js';

const STATES: Readonly<Record<LoadGenerator['state'], string>> = {
  idle: 'idle',
  busy: 'sending',
  never_seen: 'never seen',
  stale: 'not heard',
  incompatible: 'other version',
  revoked: 'revoked',
};

/** A line for each load generator, under a line of titles. */
export function fleetLines(all: readonly LoadGenerator[]): string[] {
  if (all.length === 0) return ['No load generators. Invite one with hive fleet invite NAME.'];
  const rows = [['name', 'region', 'state', 'version', 'threads', 'round trip'], ...all.map(rowOf)];
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((row) => row[at]!.length)));
  return rows.map((row) =>
    row
      .map((text, at) => column(text, widths[at]!))
      .join('  ')
      .trimEnd(),
  );
}

function rowOf({ name, region, state, joined, invitedUntil, version, threads, roundTripMs }: LoadGenerator): string[] {
  const isOver = invitedUntil !== null && Date.parse(invitedUntil) < Date.now();
  const invited = isOver ? 'invitation ended' : `invited until ${invitedUntil?.slice(11, 16)} UTC`;
  return [
    name,
    region ?? '-',
    joined ? STATES[state] : invited,
    version ?? '-',
    threads === null ? '-' : figure(threads),
    roundTripMs === null ? '-' : duration(roundTripMs),
  ];
}
