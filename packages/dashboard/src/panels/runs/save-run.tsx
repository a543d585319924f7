'use client';

import type { ScenarioDetail } from '@hive/contract';
import { Download } from 'lucide-react';
import { Button } from '../../ui/button';
import { Menu } from '../../ui/menu';
import { saveFile } from '../../ui/save-file';
import { windowsAsCsv } from './windows-as-csv';

const ITEMS = [
  { key: 'csv', text: 'Its seconds as a table', note: '.csv' },
  { key: 'json', text: 'All of it', note: '.json' },
];

/** Saves one run, as its page shows it. */
export function SaveRun({ run }: { run: ScenarioDetail }) {
  const save = (key: string): void => {
    const [text, type] =
      key === 'csv' ? [windowsAsCsv(run.windows), 'text/csv'] : [JSON.stringify(run, null, 2), 'application/json'];
    saveFile(new Blob([text], { type }), `hive-${run.id}.${key}`);
  };
  return (
    <Menu label="Download the run" items={ITEMS} onChoose={save} trigger={<Button icon={Download}>Download</Button>} />
  );
}
