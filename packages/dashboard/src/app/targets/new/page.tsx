import type { Metadata } from 'next';
import { OwnService } from '../../../panels/first-run/own-service';
import { Allowed } from '../../../panels/not-allowed';

export const metadata: Metadata = { title: 'Add a target' };

/** Another service: its address, a check, objectives, and its first measurement. */
export default function Page() {
  return (
    <Allowed to="target.write" title="Test another service">
      <div className="mx-auto grid max-w-3xl gap-4 py-4">
        <h1 className="text-lg font-semibold tracking-tight">Test another service</h1>
        <OwnService />
      </div>
    </Allowed>
  );
}
