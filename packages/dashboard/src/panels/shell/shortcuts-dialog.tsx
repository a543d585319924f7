'use client';

import { useMe } from '../../live/me';
import { Dialog } from '../../ui/dialog';
import { SHORTCUTS } from './shell-keys';

/** The list of keys, under `?`. */
export function ShortcutsDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const { permissions } = useMe();
  const shown = SHORTCUTS.filter(({ needs }) => needs === undefined || permissions.includes(needs));
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard" description="These work on every page.">
      <dl className="mt-4 grid grid-cols-[auto_1fr] items-center gap-x-5 gap-y-2 text-sm">
        {shown.map(({ keys, does }) => (
          <div key={keys} className="contents">
            <dt className="flex gap-1">
              {keys.split(' ').map((key) => (
                <kbd key={key} className="rounded border border-line bg-sunken px-1.5 py-0.5 font-mono text-xs">
                  {key}
                </kbd>
              ))}
            </dt>
            <dd className="text-ink-soft">{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
