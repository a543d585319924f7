import type { Metadata } from 'next';
import { Overview } from '../panels/overview/overview';

export const metadata: Metadata = { title: 'Overview' };

/** What is being measured, and what is known. */
export default function Page() {
  return <Overview />;
}
