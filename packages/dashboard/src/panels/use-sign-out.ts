'use client';

import { useFeed } from '../live/feed-provider';
import { toast } from '../live/toast';

/** Ends the session of this browser. Afterwards the page asks who it is. */
export function useSignOut(): () => void {
  const { client } = useFeed();
  return () =>
    void client.call('signOut').then(
      () => window.location.assign('/'),
      () => toast.error('You are still signed in: the API does not answer. Try again.'),
    );
}
