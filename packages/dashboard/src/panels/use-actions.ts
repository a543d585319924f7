'use client';

import { HiveError, type Kind, type SessionPlan, type StartTraining } from '@hive/contract';
import { useCallback, useState } from 'react';
import { useFeed } from '../live/feed-provider';
import type { AddedTarget } from './add-target-dialog';
import type { PlanQuery } from './measurement-form';
import type { Doing } from './training-controls';
import { toast } from '../live/toast';

export interface Actions {
  doing: Doing;
  start: (request: StartTraining) => void;
  stop: () => void;
  /** What a session would measure, and what that would cost. */
  askPlan: (query: PlanQuery) => Promise<SessionPlan>;
  /** Stops everything that sends load, on every instance. */
  stopAll: () => void;
  /** Goes on with a session that is over, for the rest of its budget. */
  resume: (session: string) => void;
  /** The running session waits for no quiet machine any more. */
  runAnyway: () => void;
  generate: (target: string, kinds: readonly Kind[]) => void;
  /** Adds a target; throws what the API said against it. */
  addTarget: (input: { id?: string; url: string }) => Promise<AddedTarget>;
}

/** What a person can do here. What goes wrong is told in a toast, with how to fix it. */
export function useActions(): Actions {
  const feed = useFeed();
  const [doing, setDoing] = useState<Doing>(null);
  const { client } = feed;
  const askPlan = useCallback((query: PlanQuery) => client.call('trainingPlan', { query: { ...query } }), [client]);

  const perform = async (what: Exclude<Doing, null>, act: () => Promise<unknown>): Promise<void> => {
    setDoing(what);
    try {
      await act();
      // The feed tells it too, but not to a page that is reconnecting.
      await feed.reload();
    } catch (error) {
      tellError(error);
    } finally {
      setDoing(null);
    }
  };

  return {
    doing,
    start: (request) => void perform('starting', () => client.call('startTraining', { body: request })),
    askPlan,
    stop: () => void perform('stopping', () => client.call('stopTraining', { body: {} })),
    stopAll: () => void perform('stopping', () => client.call('stopAll')),
    resume: (id) => void perform('starting', () => client.call('resumeSession', { params: { id } })),
    runAnyway: () => void client.call('runAnyway', { body: {} }).catch(tellError),
    generate: (target, kinds) =>
      void perform('generating', async () => {
        const kind = kinds[Math.floor(Math.random() * kinds.length)];
        const body = kind === undefined ? { target } : { target, kind };
        const { id } = await client.call('generateScenario', { body });
        await client.call('executeScenario', { params: { id } });
      }),
    async addTarget(input) {
      const { id, warnings } = await client.call('createTarget', { body: input });
      await feed.reload();
      return { id, warnings };
    },
  };
}

function tellError(error: unknown): void {
  if (error instanceof HiveError) {
    toast.error(error.message, error.hint === undefined ? {} : { description: error.hint });
    return;
  }
  toast.error('The API does not answer', {
    description: 'Check that hive up is running. This page reconnects by itself.',
  });
}
