import type { Metadata } from 'next';
import Link from 'next/link';
import { Notice } from '../ui/notice';

export const metadata: Metadata = { title: 'Not found' };

/** Shown for an address that names no page, and for what is not kept here. */
export default function NotFound() {
  return (
    <Notice title="Nothing is here">
      <p>There is no page at this address, or what it showed was deleted.</p>
      <p>
        <Link href="/" className="rounded font-medium text-honey-ink underline underline-offset-4">
          Go to the overview
        </Link>
      </p>
    </Notice>
  );
}
