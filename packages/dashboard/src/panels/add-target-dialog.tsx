'use client';

import { HiveError } from '@hive/contract';
import { Plus } from 'lucide-react';
import { useId, useState, type FormEvent } from 'react';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Input, Label } from '../ui/field';

export interface AddTargetDialogProps {
  disabled: boolean;
  /** Adds it; throws what the API said against it. */
  onAdd: (target: { id?: string; url: string }) => Promise<AddedTarget>;
}

/** A target that was added, and what stands in the way of measuring it. */
export interface AddedTarget {
  id: string;
  warnings: readonly string[];
}

/** Asks for the address of a service to test. */
export function AddTargetDialog({ disabled, onAdd }: AddTargetDialogProps) {
  const [open, setOpen] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [warned, setWarned] = useState<AddedTarget | null>(null);
  const [sending, setSending] = useState(false);
  const ids = { url: useId(), name: useId(), problem: useId() };

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const text = (name: string): string => {
      const value = fields.get(name);
      return typeof value === 'string' ? value.trim() : '';
    };
    const id = text('id');
    setSending(true);
    setProblem(null);
    try {
      const added = await onAdd({ url: text('url'), ...(id === '' ? {} : { id }) });
      if (added.warnings.length > 0) setWarned(added);
      else setOpen(false);
    } catch (error) {
      setProblem(sayProblem(error));
    } finally {
      setSending(false);
    }
  };

  const show = (opened: boolean): void => {
    setOpen(opened);
    setWarned(null);
    setProblem(null);
  };

  return (
    <Dialog
      open={open}
      onOpenChange={show}
      title="Add a target"
      description="Enter the address of a service that you may load. Allow other machines in HIVE_ALLOW_TARGETS first."
      trigger={<Button aria-label="Add a target" title="Add a target" disabled={disabled} square icon={Plus} />}
    >
      {warned === null ? null : <Warned {...warned} onClose={() => show(false)} />}
      <form hidden={warned !== null} onSubmit={(event) => void submit(event)} className="mt-4 grid gap-3">
        <div>
          <Label htmlFor={ids.url}>Address</Label>
          <Input
            id={ids.url}
            name="url"
            type="url"
            required
            placeholder="http://127.0.0.1:8080"
            aria-describedby={problem === null ? undefined : ids.problem}
          />
        </div>
        <div>
          <Label htmlFor={ids.name}>Name (optional)</Label>
          <Input id={ids.name} name="id" maxLength={63} autoComplete="off" placeholder="checkout" />
        </div>
        {problem === null ? null : (
          <p id={ids.problem} role="alert" className="text-sm text-bad">
            {problem}
          </p>
        )}
        <Button look="primary" type="submit" busy={sending} disabled={sending}>
          Add target
        </Button>
      </form>
    </Dialog>
  );
}

/** It is added, but it does not answer as it should: said before anything is started. */
function Warned({ id, warnings, onClose }: AddedTarget & { onClose: () => void }) {
  return (
    <div className="mt-4 grid gap-3 text-sm">
      <div role="alert" className="grid gap-2 rounded-lg bg-honey-wash px-3 py-2 text-honey-ink">
        <p className="font-semibold">{id} was added, but there is a problem:</p>
        <ul className="grid gap-1">
          {warnings.map((warning) => (
            <li key={warning} className="text-pretty [overflow-wrap:anywhere]">
              {warning}
            </li>
          ))}
        </ul>
      </div>
      <Button look="primary" onClick={onClose}>
        Close
      </Button>
    </div>
  );
}

function sayProblem(error: unknown): string {
  if (!(error instanceof HiveError)) return 'The API does not answer. Check that hive up is running.';
  return error.hint === undefined ? error.message : `${error.message} – ${error.hint}`;
}
