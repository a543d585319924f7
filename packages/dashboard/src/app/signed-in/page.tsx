import type { Metadata } from 'next';
import { Notice } from '../../ui/notice';

export const metadata: Metadata = { title: 'Signed in' };

/** A sign-in provider sends people here. Until they are signed in, the gate stands in the place of this page. */
export default function Page() {
  return (
    <Notice title="You are signed in">
      <p>There is nothing more to do here.</p>
    </Notice>
  );
}
