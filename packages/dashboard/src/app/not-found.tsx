import Link from 'next/link';
import { Notice } from '../ui/notice';

/** Shown for an address that names no page. */
export default function NotFound() {
  return (
    <Notice title="There is no such page">
      <p>
        <Link href="/" className="font-medium text-honey-ink underline underline-offset-4">
          Go to the dashboard
        </Link>
      </p>
    </Notice>
  );
}
