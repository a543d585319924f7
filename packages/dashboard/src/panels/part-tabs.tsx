'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';

interface PartTabsProps {
  title: string;
  /** Of which these are the parts. */
  of: string;
  parts: readonly (readonly [href: string, name: string])[];
  /** Beside the heading. */
  children?: ReactNode;
}

/** The heading of a page that is one of several parts, with the ways to the others. */
export function PartTabs({ title, of, parts, children }: PartTabsProps) {
  const path = usePathname();
  return (
    <div className="grid gap-3">
      <div className="flex min-h-9 flex-wrap items-center justify-between gap-3">
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        {children}
      </div>
      {parts.length < 2 ? null : (
        <nav aria-label={`Parts of ${of}`}>
          <ul className="flex flex-wrap border-b border-line text-sm">
            {parts.map(([href, name]) => (
              <li key={href}>
                <Link
                  href={href}
                  aria-current={path === href ? 'page' : undefined}
                  className={`-mb-px flex h-9 items-center border-b-2 px-2.5 font-medium sm:px-3 ${path === href ? 'border-honey text-ink' : 'border-transparent text-ink-soft hover:text-ink'}`}
                >
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      )}
    </div>
  );
}
