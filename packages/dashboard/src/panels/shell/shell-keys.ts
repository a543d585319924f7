'use client';

import type { Permission } from '@hive/contract';
import { useEffect } from 'react';

/** What the keys of every page do, as `?` lists them. */
export const SHORTCUTS: readonly { keys: string; does: string; needs?: Permission }[] = [
  { keys: 'Ctrl K', does: 'Go to a page or a target, or act' },
  { keys: 'g o', does: 'Go to the overview' },
  { keys: 'g s', does: 'Go to the sessions' },
  { keys: 'g r', does: 'Go to the runs' },
  { keys: 'g n', does: 'Build a run', needs: 'run' },
  { keys: 'g i', does: 'Go to the incidents' },
  { keys: 'Shift Esc', does: 'Stop everything that sends load', needs: 'run' },
  { keys: 'Esc', does: 'Close a dialog' },
  { keys: '?', does: 'Show this list' },
];

/** Where the key after `g` leads. */
const WAYS: Readonly<Record<string, string>> = { o: '/', s: '/sessions', r: '/runs', n: '/runs/new', i: '/incidents' };
const SEQUENCE_MS = 1_000;

interface Keys {
  onPalette: () => void;
  onHelp: () => void;
  go: (href: string) => void;
}

/** Listens for the keys of every page. Letters typed into a field are text. */
export function useShellKeys({ onPalette, onHelp, go }: Keys): void {
  useEffect(() => {
    let startedAtMs = 0;
    const listen = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        onPalette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyped(event.target)) return;
      const inSequence = event.timeStamp - startedAtMs < SEQUENCE_MS;
      startedAtMs = event.key === 'g' ? event.timeStamp : 0;
      if (event.key === '?') onHelp();
      else if (inSequence && WAYS[event.key] !== undefined) go(WAYS[event.key] ?? '/');
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [onPalette, onHelp, go]);
}

function isTyped(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
