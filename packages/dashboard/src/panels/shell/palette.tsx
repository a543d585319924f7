'use client';

import { Command } from 'cmdk';
import { LogOut, Moon, Octagon, Sun, Target as TargetIcon, type LucideIcon } from 'lucide-react';
import { useTheme } from 'next-themes';
import { useRouter } from 'next/navigation';
import { useLive } from '../../live/feed-provider';
import { useMay, useMe } from '../../live/me';
import { useActions } from '../use-actions';
import { useSignOut } from '../use-sign-out';
import { useStale } from './stale-banner';
import { usePages } from './use-pages';

/** Ctrl-K: goes to any page or target, and stops everything. */
export function Palette({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const router = useRouter();
  const { setTheme } = useTheme();
  const targets = useLive(({ state }) => state.targets);
  const status = useLive(({ state }) => state.status);
  const { stopAll } = useActions();
  const isStale = useStale();
  const mayRun = useMay('run');
  const { mode } = useMe();
  const signOut = useSignOut();
  const pages = usePages();
  const act = (what: () => void) => (): void => {
    onOpenChange(false);
    what();
  };
  return (
    <Command.Dialog
      open={open}
      onOpenChange={onOpenChange}
      label="Go to, or do"
      overlayClassName="fixed inset-0 z-40 bg-black/50"
      contentClassName="fixed top-[12vh] left-1/2 z-50 w-[min(34rem,calc(100vw-2rem))] -translate-x-1/2 overflow-hidden rounded-xl border border-line bg-surface shadow-2xl"
    >
      <Command.Input
        placeholder="Go to a page or a target, or act…"
        className="h-12 w-full border-b border-line bg-transparent px-4 text-sm outline-none placeholder:text-ink-soft"
      />
      <Command.List className="max-h-[50vh] overflow-y-auto p-1.5">
        <Command.Empty className="px-3 py-6 text-center text-sm text-ink-soft">
          Nothing has that in its name.
        </Command.Empty>
        <Group heading="Pages">
          {pages.map(({ href, name, Icon }) => (
            <Item key={href} Icon={Icon} text={name} onSelect={act(() => router.push(href))} />
          ))}
        </Group>
        {targets.length === 0 ? null : (
          <Group heading="Targets">
            {targets.map(({ id }) => (
              <Item
                key={id}
                Icon={TargetIcon}
                text={id}
                onSelect={act(() => router.push(`/targets/${encodeURIComponent(id)}`))}
              />
            ))}
          </Group>
        )}
        <Group heading="Actions">
          {status.running && !isStale && mayRun ? (
            <Item Icon={Octagon} text="Stop everything that sends load" onSelect={act(stopAll)} />
          ) : null}
          <Item Icon={Sun} text="Light theme" onSelect={act(() => setTheme('light'))} />
          <Item Icon={Moon} text="Dark theme" onSelect={act(() => setTheme('dark'))} />
          {mode === 'users' ? <Item Icon={LogOut} text="Sign out" onSelect={act(signOut)} /> : null}
        </Group>
      </Command.List>
    </Command.Dialog>
  );
}

function Group({ heading, children }: { heading: string; children: React.ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-soft"
    >
      {children}
    </Command.Group>
  );
}

function Item({ Icon, text, onSelect }: { Icon: LucideIcon; text: string; onSelect: () => void }) {
  return (
    <Command.Item
      onSelect={onSelect}
      className="flex h-10 cursor-pointer items-center gap-3 rounded-lg px-3 text-sm data-[selected=true]:bg-sunken"
    >
      <Icon aria-hidden="true" className="size-4 shrink-0 text-ink-soft" />
      <span className="truncate">{text}</span>
    </Command.Item>
  );
}
