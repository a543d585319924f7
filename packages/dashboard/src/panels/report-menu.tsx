'use client';

import { REPORT_FORMAT_NAMES, REPORT_FORMATS, reportFileName, toHiveError, type ReportFormat } from '@hive/contract';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { useFeed } from '../live/feed-provider';
import { Button } from '../ui/button';
import { Menu } from '../ui/menu';
import { saveFile } from '../ui/save-file';
import { toast } from '../live/toast';

const ITEMS = REPORT_FORMAT_NAMES.map((key) => ({
  key,
  text: REPORT_FORMATS[key].label,
  note: REPORT_FORMATS[key].extensions[0],
}));

/** Saves the report of a session in a format of choice. */
export function ReportMenu({ session }: { session: string }) {
  const { client } = useFeed();
  const [busy, setBusy] = useState(false);

  const save = async (format: ReportFormat): Promise<void> => {
    setBusy(true);
    try {
      const file = await client.download('sessionReport', { params: { id: session }, query: { format } });
      saveFile(file, reportFileName(session, format));
    } catch (error) {
      const { message, hint } = toHiveError(error);
      toast.error(`The report was not made: ${message}`, hint === undefined ? {} : { description: hint });
    } finally {
      setBusy(false);
    }
  };

  return (
    <Menu
      label="Download the report"
      items={ITEMS}
      onChoose={(key) => void save(key as ReportFormat)}
      trigger={
        <Button icon={Download} busy={busy} disabled={busy}>
          Report
        </Button>
      }
    />
  );
}
