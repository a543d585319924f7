import { networkInterfaces } from 'node:os';
import { hostOf, isLoopbackUrl, type Target } from '@hive/contract';
import { accompany, accompanying, type Accompanied } from './accompanying.js';
import { createProc, type Proc } from './proc.js';
import type { MachineReading } from './reading.js';
import { usageBetween, withDescendants, type Usage, type Whereabouts } from './usage.js';

/** Looks at this machine, from one moment to the next. */
export interface MachineWatch {
  /** Who used it since the look before; null: nobody knows, or it was just now. At `rest` Hive sends nothing. */
  look(during: 'run' | 'rest'): Usage | null;
  /** After a disturbed run, what was used in it and in the first rest after it: a process that works with the load alone is the target's. */
  compare(run: Usage, rest: Usage): void;
  /** The target is on this machine, and its processes cannot be seen: only a look at rest tells it from the others. */
  readonly isTargetHidden: boolean;
}

/** The kernel counts in hundredths of a second: less than this says nothing. */
const LEAST_SPAN_MS = 250;
/** They stand before a service and are not it: what does its work cannot be seen. */
const FORWARDERS = new Set(['docker-proxy', 'rootlessport', 'slirp4netns', 'ssh', 'sshd', 'kubectl']);

/** A machine that cannot be read. */
export const UNKNOWN_MACHINE: MachineWatch = { look: () => null, compare: () => undefined, isTargetHidden: false };

/** Watches this machine beside a target, from now on. Nodes: by their URL, or their Unix socket. */
export function watchMachine(of: { nodes: Target['nodes']; proc?: Proc; hive?: number }): MachineWatch {
  const { nodes, proc = createProc(), hive = process.pid } = of;
  const local = nodes.filter(
    ({ url, socket, connect }) => socket !== undefined || isHere(connect === undefined ? url : `http://${connect}`),
  );
  const on = {
    ports: local.flatMap(({ url, socket }) => (socket === undefined ? [portOf(url)] : [])),
    paths: local.flatMap(({ socket }) => socket ?? []),
  };
  let listening: number[] = [];
  let accompanied: Accompanied = new Map();
  /** What others used while nothing was sent. */
  let atRest = 0;
  let before = proc.read([]);
  find(before);
  before = before === null ? null : proc.read(withDescendants(before, listening));

  function find(reading: MachineReading | null): void {
    if (reading === null || local.length === 0) return;
    if (listening.length > 0 && listening.every((pid) => reading.processes.has(pid))) return;
    const found = proc.listening(on);
    const isForwarded = found.some((pid) => FORWARDERS.has(reading.processes.get(pid)?.name ?? ''));
    listening = isForwarded ? [] : found.filter((pid) => pid !== hive);
  }

  const isHidden = (): boolean => local.length > 0 && listening.length === 0;
  const whereabouts = (): Whereabouts =>
    local.length === 0 ? 'elsewhere' : isHidden() ? 'hidden' : new Set([...listening, ...accompanying(accompanied)]);

  return {
    look(during) {
      if (before === null) return null;
      const now = proc.read(withDescendants(before, [...listening, ...accompanying(accompanied)]));
      if (now === null) return null;
      find(now);
      const usage = usageBetween(before, now, { hive, target: whereabouts() });
      before = now;
      if (usage.spanMs < LEAST_SPAN_MS) return null;
      if (during === 'rest') atRest = usage.others;
      // What cannot be told from the target is none of the others but for what it used at rest.
      return isHidden() ? { ...usage, others: Math.min(usage.others, atRest) } : usage;
    },
    compare(run, rest) {
      accompanied = accompany(accompanied, run, rest);
    },
    get isTargetHidden() {
      return isHidden();
    },
  };
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

/** A name other than localhost may stand for this machine too, but its processes need not listen where it is dialed. */
function isHere(url: string): boolean {
  const host = hostOf(url);
  if (isLoopbackUrl(url)) return true;
  return Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === host) ?? false);
}
