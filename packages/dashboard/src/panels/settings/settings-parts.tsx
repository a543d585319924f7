'use client';

import type { Me } from '@hive/contract';
import type { ReactNode } from 'react';
import { useMe } from '../../live/me';
import { PartTabs } from '../part-tabs';

/** The parts of the settings that somebody may see. */
function partsFor({ mode, email, permissions }: Me): (readonly [href: string, name: string])[] {
  // Programs have no sessions and make no tokens.
  const isPerson = mode === 'users' && email !== null;
  return [
    ['/settings', 'General'],
    ...(isPerson ? ([['/settings/account', 'Account']] as const) : []),
    ...(permissions.includes('user.write') ? ([['/settings/people', 'People']] as const) : []),
    ...(isPerson ? ([['/settings/tokens', 'Tokens']] as const) : []),
    ['/settings/channels', 'Channels'],
    ...(permissions.includes('audit.read') ? ([['/settings/audit', 'Audit']] as const) : []),
  ];
}

/** The heading of a part of the settings, with the ways to the others. */
export function SettingsParts({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <PartTabs title={title} of="settings" parts={partsFor(useMe())}>
      {children}
    </PartTabs>
  );
}
