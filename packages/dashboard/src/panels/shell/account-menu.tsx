'use client';

import { LogOut } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useMe } from '../../live/me';
import { Menu } from '../../ui/menu';
import { useSignOut } from '../use-sign-out';

/** Who is signed in, the way to what is theirs, and out. Nothing where nobody signs in. */
export function AccountMenu() {
  const me = useMe();
  const router = useRouter();
  const signOut = useSignOut();
  const name = me.name ?? me.email;
  if (me.mode !== 'users' || name === null) return null;
  const choose: Record<string, () => void> = {
    settings: () => router.push('/settings'),
    out: signOut,
  };
  return (
    <Menu
      label="Account"
      items={[
        { key: 'settings', text: name, ...(me.role === null ? {} : { note: me.role }) },
        { key: 'out', text: 'Sign out', icon: <LogOut aria-hidden="true" className="size-4" /> },
      ]}
      onChoose={(key) => choose[key]?.()}
      trigger={
        <button
          type="button"
          aria-label={`Account of ${name}`}
          title={name}
          className="inline-flex size-9 shrink-0 items-center justify-center rounded-full border border-line bg-surface text-xs font-semibold text-ink-soft uppercase hover:bg-sunken"
        >
          {name.slice(0, 2)}
        </button>
      }
    />
  );
}
