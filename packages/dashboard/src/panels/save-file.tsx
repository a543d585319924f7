'use client';

import { toHiveError } from '@hive/contract';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../ui/button';
import { saveFile } from '../ui/save-file';
import { toast } from '../live/toast';

/** Saves a file that the API answers. */
export function SaveFile(props: { text: string; name: string; load: () => Promise<Blob> }) {
  const { text, name, load } = props;
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      saveFile(await load(), name);
    } catch (error) {
      const { message, hint } = toHiveError(error);
      toast.error(`${name} was not saved: ${message}`, hint === undefined ? {} : { description: hint });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button icon={Download} busy={busy} disabled={busy} onClick={() => void save()}>
      {text}
    </Button>
  );
}
