'use client';

import type { Client, RouteName } from '@hive/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useFeed } from './feed-provider';
import { NO_PROBLEMS, problemsOf, type Problems } from './problems';
import { toast } from './toast';

interface Changing {
  /** What is asked again afterwards. */
  renews: readonly RouteName[];
  /** The fields of the form, by the names that the API has for them; none: what goes wrong is told in a toast. */
  fields?: readonly string[];
}

export interface Change {
  busy: boolean;
  problems: Problems;
  /** Does it, and answers whether that went well. */
  run: (act: (client: Client) => Promise<unknown>) => Promise<boolean>;
  /** Forgets the problems. */
  clear: () => void;
}

/** Something that a person changes: done once at a time, and what pages show of it is asked again. */
export function useChange({ renews, fields }: Changing): Change {
  const { client } = useFeed();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [problems, setProblems] = useState<Problems>(NO_PROBLEMS);
  const run = async (act: (client: Client) => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setProblems(NO_PROBLEMS);
    try {
      await act(client);
      await Promise.all(renews.map((name) => queries.invalidateQueries({ queryKey: [name] })));
      return true;
    } catch (error) {
      const found = problemsOf(error, fields ?? []);
      if (fields === undefined) toast.error(found.whole ?? 'That did not work.');
      else setProblems(found);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, problems, run, clear: () => setProblems(NO_PROBLEMS) };
}
