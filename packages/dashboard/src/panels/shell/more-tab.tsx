'use client';

import { Ellipsis } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Menu } from '../../ui/menu';
import { usePages } from './use-pages';

/** The last tab of a telephone: the pages that have none of their own. */
export function MoreTab({ page }: { page: string | undefined }) {
  const router = useRouter();
  const minor = usePages().filter(({ isMinor }) => isMinor);
  const isHere = minor.some(({ href }) => href === page);
  return (
    <Menu
      label="More pages"
      items={minor.map(({ href, name }) => ({ key: href, text: name }))}
      onChoose={(href) => router.push(href)}
      trigger={
        <button
          type="button"
          className={`flex h-14 w-full flex-col items-center justify-center gap-1 rounded-lg text-[0.6875rem] font-medium hover:bg-sunken ${isHere ? 'bg-sunken text-ink' : 'text-ink-soft'}`}
        >
          <Ellipsis aria-hidden="true" className="size-5 shrink-0" />
          <span className="truncate">More</span>
        </button>
      }
    />
  );
}
