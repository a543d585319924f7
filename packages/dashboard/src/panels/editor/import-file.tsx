'use client';

import { HiveError, type TargetInput } from '@hive/contract';
import { Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import { useFeed } from '../../live/feed-provider';
import { Button } from '../../ui/button';
import { toast } from '../../live/toast';

/** Brings in the requests of a document, a recording, a collection, a command or a log. The addresses stay. */
export function ImportFile({ onImport }: { onImport: (imported: Pick<TargetInput, 'requests'>) => void }) {
  const { client } = useFeed();
  const picker = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const bring = async (chosen: File): Promise<void> => {
    setBusy(true);
    try {
      // The addresses are those of the form: this one only stands in for them.
      const body = { file: await chosen.text(), name: chosen.name, url: 'http://127.0.0.1' };
      const { target, notes } = await client.call('importTarget', { body });
      onImport(target.requests === undefined ? {} : { requests: target.requests });
      toast.success(notes[0] ?? 'The requests were taken over', { description: notes.slice(1).join(' ') });
    } catch (error) {
      const said = error instanceof HiveError ? error : new HiveError('internal', 'The file could not be sent');
      toast.error(said.message, said.hint === undefined ? {} : { description: said.hint });
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <input
        ref={picker}
        type="file"
        hidden
        aria-label="File to import"
        accept=".json,.yaml,.yml,.har,.log,.txt,.sh"
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          if (chosen !== undefined) void bring(chosen);
          event.target.value = '';
        }}
      />
      <Button
        icon={Upload}
        busy={busy}
        disabled={busy}
        title="OpenAPI document, HAR recording, Postman collection, curl command or access log, at most 64 MiB"
        onClick={() => picker.current?.click()}
      >
        Import
      </Button>
    </>
  );
}
