'use client';

import type { MachineState } from '@hive/contract';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../live/me';
import { Button } from '../ui/button';

/** Waiting is what a session does by itself, so that choice only puts the question away. */
type Answer = 'wait' | 'anyway' | null;

/** Says who keeps the load generator's machine busy, and asks whether to wait for it; gone as soon as it is quiet. */
export function BusyBanner({ machine, onRunAnyway }: { machine: MachineState; onRunAnyway: () => void }) {
  const [answer, setAnswer] = useState<Answer>(null);
  const mayRun = useMay('run');
  return (
    <section
      aria-label="This machine"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-xl border border-honey bg-surface px-4 py-2.5 text-sm"
    >
      <TriangleAlert aria-hidden="true" className="size-4 shrink-0 text-honey-ink" />
      <output className="min-w-0 flex-1 basis-64 text-pretty">
        {machine.text} {sayWhatFollows(machine, answer)}
      </output>
      {answer === null && mayRun ? (
        <div className="flex gap-2">
          <Button onClick={() => setAnswer('wait')}>Wait</Button>
          <Button
            look="primary"
            onClick={() => {
              setAnswer('anyway');
              onRunAnyway();
            }}
          >
            Run anyway
          </Button>
        </div>
      ) : null}
    </section>
  );
}

function sayWhatFollows({ waiting }: MachineState, answer: Answer): string {
  if (answer === 'anyway') return 'Runs that fail meanwhile are not judged.';
  return waiting ? 'Hive waits for a quiet machine, up to 15 seconds after each run.' : '';
}
