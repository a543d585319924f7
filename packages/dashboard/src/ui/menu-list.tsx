'use client';

import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';

export interface MenuProps {
  /** The button that opens it. */
  trigger: ReactNode;
  /** What a screen reader calls it. */
  label: string;
  items: readonly { key: string; text: string; note?: string; icon?: ReactNode }[];
  onChoose: (key: string) => void;
}

/** What a menu is from when its button was first pressed: open at first. */
export function MenuList({ trigger, label, items, onChoose }: MenuProps) {
  return (
    <DropdownMenu.Root defaultOpen>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={6}
          aria-label={label}
          className="z-50 grid min-w-44 rounded-lg border border-line bg-surface p-1 text-sm shadow-xl"
        >
          {items.map(({ key, text, note, icon }) => (
            <DropdownMenu.Item
              key={key}
              onSelect={() => onChoose(key)}
              className="flex h-9 cursor-default items-center justify-between gap-6 rounded-md px-3 outline-none data-[highlighted]:bg-sunken"
            >
              {text}
              {icon}
              {note === undefined ? null : <span className="text-xs text-ink-soft">{note}</span>}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
