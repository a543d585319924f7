'use client';

import { Monitor, Moon, Sun } from 'lucide-react';
import { useTheme } from 'next-themes';
import { RadioGroup } from 'radix-ui';
import { useInBrowser } from './use-in-browser';

const THEMES = [
  { value: 'light', label: 'Light', Icon: Sun },
  { value: 'dark', label: 'Dark', Icon: Moon },
  { value: 'system', label: 'Same as system', Icon: Monitor },
] as const;

/** Light, dark, or the same as the system's. The server does not know which was chosen: it shows none. */
export function ThemeToggle() {
  const { theme, setTheme } = useTheme();
  const known = useInBrowser();
  return (
    <RadioGroup.Root
      aria-label="Theme"
      value={known ? (theme ?? 'system') : ''}
      onValueChange={setTheme}
      className="inline-flex h-8 items-center rounded-full border border-line bg-surface p-0.5"
    >
      {THEMES.map(({ value, label, Icon }) => (
        <RadioGroup.Item
          key={value}
          value={value}
          aria-label={label}
          title={label}
          className="inline-flex size-7 items-center justify-center rounded-full text-ink-soft transition-colors hover:text-ink data-[state=checked]:bg-sunken data-[state=checked]:text-ink"
        >
          <Icon aria-hidden="true" className="size-3.5" />
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
