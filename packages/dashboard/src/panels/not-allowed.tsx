'use client';

import type { Permission } from '@hive/contract';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { useMay, useMe } from '../live/me';
import { Notice } from '../ui/notice';

/** A page for those alone who may do something; the others are told why it is not theirs. */
export function Allowed({ to, title, children }: { to: Permission; title: string; children: ReactNode }) {
  const may = useMay(to);
  const { role } = useMe();
  if (may) return children;
  return (
    <Notice title={title}>
      <p>
        {role === null ? 'You' : `As a ${role}, you`} may not do this. Ask an administrator of this Hive for a role that
        has the permission <code className="font-mono text-ink">{to}</code>.
      </p>
      <p>
        <Link href="/" className="rounded font-medium text-honey-ink underline underline-offset-4">
          Go to the overview
        </Link>
      </p>
    </Notice>
  );
}
