'use client';

import { BASE_KIND, type Limit } from '@hive/contract';
import { useId } from 'react';
import { useApi } from '../../live/use-api';
import { sayPrediction } from '../say-prediction';

interface WhatIfProps {
  target: string;
  limit: Limit;
  at: number;
  onAt: (rate: number) => void;
}

/** "At 300/s: 99 % chance to pass, p99 71–94 ms", for any rate. */
export function WhatIf({ target, limit, at, onAt }: WhatIfProps) {
  const id = useId();
  const most = Math.ceil(((limit.high ?? limit.estimate ?? at) * 1.3) / 10) * 10;
  const { data } = useApi('predict', { params: { id: target }, query: { kind: BASE_KIND, intensity: at } });
  return (
    <section aria-label="What if" className="rounded-xl border border-line bg-surface px-4 py-3 sm:px-5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
        <label htmlFor={id} className="font-semibold">
          At
        </label>
        <input
          type="number"
          aria-label="Requests per second"
          min={1}
          max={most}
          value={at}
          onChange={(event) => onAt(Math.max(1, Number(event.target.value)))}
          className="h-9 w-24 rounded-lg border border-line-strong/60 bg-surface px-2 text-right"
        />
        <span className="text-ink-soft">requests/s</span>
        <input
          id={id}
          type="range"
          min={1}
          max={most}
          value={at}
          onChange={(event) => onAt(Number(event.target.value))}
          className="min-w-0 flex-1 basis-40 accent-honey"
        />
        <output className="basis-full text-pretty lg:basis-80">{data === undefined ? '' : sayPrediction(data)}</output>
      </div>
    </section>
  );
}
