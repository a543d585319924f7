'use client';

import type { ReactNode } from 'react';
import { PartTabs } from '../part-tabs';

const PARTS = [
  ['/incidents', 'Incidents'],
  ['/incidents/rules', 'Rules'],
  ['/incidents/maintenance', 'Maintenance'],
] as const;

/** The heading of what belongs to incidents, with the ways to its parts. */
export function IncidentParts({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <PartTabs title={title} of="incidents" parts={PARTS}>
      {children}
    </PartTabs>
  );
}
