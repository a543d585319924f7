'use client';

import { X } from 'lucide-react';
import { Dialog as Parts } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button } from './button';

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** The button that opens it; none: something else does. */
  trigger?: ReactNode;
  title: string;
  description: string;
  children: ReactNode;
}

/** Asks for something above the page; Escape and the cross close it, and the focus goes back to its button. */
export function Dialog({ open, onOpenChange, trigger, title, description, children }: DialogProps) {
  return (
    <Parts.Root open={open} onOpenChange={onOpenChange}>
      {trigger === undefined ? null : <Parts.Trigger asChild>{trigger}</Parts.Trigger>}
      <Parts.Portal>
        <Parts.Overlay className="fixed inset-0 z-40 bg-black/50" />
        <Parts.Content className="fixed top-1/2 left-1/2 z-50 max-h-[calc(100dvh-2rem)] w-[min(26rem,calc(100vw-2rem))] -translate-1/2 overflow-y-auto rounded-xl border border-line bg-surface p-5 shadow-xl">
          <div className="flex items-start justify-between gap-4">
            <Parts.Title className="text-base font-semibold">{title}</Parts.Title>
            <Parts.Close asChild>
              <Button look="quiet" square aria-label="Close" className="-mt-1.5 -mr-2">
                <X aria-hidden="true" className="size-4" />
              </Button>
            </Parts.Close>
          </div>
          <Parts.Description className="mt-1 text-sm text-pretty text-ink-soft">{description}</Parts.Description>
          {children}
        </Parts.Content>
      </Parts.Portal>
    </Parts.Root>
  );
}
