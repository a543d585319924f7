'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';

const PAGES = [
  { href: '/', name: 'Overview' },
  { href: '/sessions', name: 'Sessions' },
] as const;

/** The ways to the pages. */
export function Navigation() {
  const path = usePathname();
  return (
    <nav aria-label="Pages" className="-mx-2 shrink-0">
      <ul className="flex gap-1">
        {PAGES.map(({ href, name }) => {
          const isHere = href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`);
          return (
            <li key={href}>
              <Link
                href={href}
                aria-current={path === href ? 'page' : isHere ? 'true' : undefined}
                className={`inline-flex h-9 items-center rounded-lg px-3 text-sm font-medium hover:bg-sunken ${isHere ? 'bg-sunken text-ink' : 'text-ink-soft'}`}
              >
                {name}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
