import type { Metadata } from 'next';
import { Notice } from '../../ui/notice';

export const metadata: Metadata = { title: 'First admin' };

/** The link of the first admin leads here. Until it was used, the gate stands in the place of this page. */
export default function Page() {
  return (
    <Notice title="There is an admin already">
      <p>This link was for making the first admin. You are signed in, so it is not needed any more.</p>
    </Notice>
  );
}
