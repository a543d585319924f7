'use client';

import { toHiveError, type ScenarioRow } from '@hive/contract';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useFeed } from '../../live/feed-provider';
import { bodyOf, type DescribedRun } from './described-run';
import { toast } from '../../live/toast';

interface RunOnce {
  doing: 'generating' | 'running' | null;
  /** Has Hive propose a run of a kind. */
  propose: (target: string, kind: DescribedRun['kind'], take: (proposal: ScenarioRow) => void) => void;
  /** Creates and executes it, or executes what was proposed; then goes to its session. */
  run: (described: DescribedRun, proposalId: string | null) => void;
}

/** What the builder does with a run. What goes wrong is told in a toast, with how to fix it. */
export function useRunOnce(): RunOnce {
  const { client } = useFeed();
  const router = useRouter();
  const [doing, setDoing] = useState<RunOnce['doing']>(null);
  const perform = async (what: NonNullable<RunOnce['doing']>, act: () => Promise<void>): Promise<void> => {
    setDoing(what);
    try {
      await act();
    } catch (error) {
      const { message, hint } = toHiveError(error);
      toast.error(message, hint === undefined ? {} : { description: hint });
    } finally {
      setDoing(null);
    }
  };
  return {
    doing,
    propose: (target, kind, take) =>
      void perform('generating', async () => take(await client.call('generateScenario', { body: { target, kind } }))),
    run: (described, proposalId) =>
      void perform('running', async () => {
        const id = proposalId ?? (await client.call('createScenario', { body: bodyOf(described) })).id;
        const { session_id: session } = await client.call('executeScenario', {
          params: { id },
          body: described.regions === null ? {} : { regions: described.regions },
        });
        router.push(`/sessions/${encodeURIComponent(session)}`);
      }),
  };
}
