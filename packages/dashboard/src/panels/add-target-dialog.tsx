'use client';

import { HiveError } from '@hive/contract';
import { Plus, X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { useId, useState, type FormEvent } from 'react';
import { Button, FIELD } from '../ui/button';

export interface AddTargetDialogProps {
  disabled: boolean;
  /** Resolves when it is added; throws what the API said against it. */
  onAdd: (target: { id?: string; url: string }) => Promise<void>;
}

/** Asks for the address of a service to test. */
export function AddTargetDialog({ disabled, onAdd }: AddTargetDialogProps) {
  const [open, setOpen] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
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
      await onAdd({ url: text('url'), ...(id === '' ? {} : { id }) });
      setOpen(false);
    } catch (error) {
      setProblem(sayProblem(error));
    } finally {
      setSending(false);
    }
  };

  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger asChild>
        <Button aria-label="Add a target" title="Add a target" disabled={disabled} square>
          <Plus aria-hidden="true" className="size-4" />
        </Button>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/50" />
        <Dialog.Content className="fixed top-1/2 left-1/2 z-50 w-[min(26rem,calc(100vw-2rem))] -translate-1/2 rounded-xl border border-line bg-surface p-5 shadow-xl">
          <div className="flex items-start justify-between gap-4">
            <Dialog.Title className="text-base font-semibold">Add a target</Dialog.Title>
            <Dialog.Close asChild>
              <Button look="quiet" square aria-label="Close" className="-mt-1.5 -mr-2">
                <X aria-hidden="true" className="size-4" />
              </Button>
            </Dialog.Close>
          </div>
          <Dialog.Description className="mt-1 text-sm text-pretty text-ink-soft">
            The address of a service that you may load. Other machines must be named in HIVE_ALLOW_TARGETS.
          </Dialog.Description>
          <form onSubmit={(event) => void submit(event)} className="mt-4 grid gap-3">
            <div>
              <label htmlFor={ids.url} className="mb-1 block text-xs font-medium text-ink-soft">
                Address
              </label>
              <input
                id={ids.url}
                name="url"
                type="url"
                required
                placeholder="http://127.0.0.1:8080"
                aria-describedby={problem === null ? undefined : ids.problem}
                className={FIELD}
              />
            </div>
            <div>
              <label htmlFor={ids.name} className="mb-1 block text-xs font-medium text-ink-soft">
                Name (optional)
              </label>
              <input
                id={ids.name}
                name="id"
                maxLength={63}
                autoComplete="off"
                placeholder="checkout"
                className={FIELD}
              />
            </div>
            {problem === null ? null : (
              <p id={ids.problem} role="alert" className="text-sm text-bad">
                {problem}
              </p>
            )}
            <Button look="primary" type="submit" disabled={sending}>
              Add target
            </Button>
          </form>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function sayProblem(error: unknown): string {
  if (!(error instanceof HiveError)) return 'The API does not answer. See that hive up is running.';
  return error.hint === undefined ? error.message : `${error.message} – ${error.hint}`;
}
