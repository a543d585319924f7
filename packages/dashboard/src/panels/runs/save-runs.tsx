'use client';

import type { ScenariosFilter } from '@hive/contract';
import { useFeed } from '../../live/feed-provider';
import { SaveFile } from '../save-file';

/** Saves all runs that fit, also those of other pages. */
export function SaveRuns({ filter, format }: { filter: ScenariosFilter; format: 'csv' | 'json' }) {
  const { client } = useFeed();
  return (
    <SaveFile
      text={format.toUpperCase()}
      name={`hive-runs.${format}`}
      load={() => client.download('listScenarios', { query: { ...filter, format } })}
    />
  );
}
