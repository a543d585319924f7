import type { MachineState } from '@hive/contract';

/** The lines that say how this machine stands: one when it turns busy, when a session waits for it, and when it is quiet again. */
export function machineLines(): (machine: MachineState) => string[] {
  let before = { busy: false, waiting: false };
  return (machine) => {
    const { busy, waiting, text } = machine;
    const isNew = busy !== before.busy || (waiting && !before.waiting);
    before = { busy, waiting };
    if (!isNew) return [];
    if (!busy) return [text];
    return [`warning: ${text}${waiting ? ' Waiting for a quiet machine (--run-anyway does not wait)' : ''}`];
  };
}
