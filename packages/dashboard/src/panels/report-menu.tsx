'use client';

import { REPORT_FORMAT_NAMES, REPORT_FORMATS, reportFileName, reportFormatSchema, toHiveError } from '@hive/contract';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { useFeed } from '../live/feed-provider';
import { Button } from '../ui/button';
import { Menu } from '../ui/menu';

const ITEMS = REPORT_FORMAT_NAMES.map((key) => ({
  key,
  text: REPORT_FORMATS[key].label,
  note: REPORT_FORMATS[key].extensions[0],
}));
/** By then the browser has taken over what it saves. */
const RELEASE_MS = 60_000;

/** Saves the report of a session in a format of choice. */
export function ReportMenu({ session }: { session: string }) {
  const { client } = useFeed();
  const [busy, setBusy] = useState(false);

  const save = async (key: string): Promise<void> => {
    const format = reportFormatSchema.parse(key);
    setBusy(true);
    try {
      // Not by a link: a link cannot carry the token.
      const file = await client.download('sessionReport', { params: { id: session }, query: { format } });
      const url = URL.createObjectURL(file);
      Object.assign(document.createElement('a'), { href: url, download: reportFileName(session, format) }).click();
      setTimeout(() => URL.revokeObjectURL(url), RELEASE_MS);
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
      onChoose={(key) => void save(key)}
      trigger={
        <Button icon={Download} busy={busy} disabled={busy}>
          Report
        </Button>
      }
    />
  );
}
