'use client';

import { useEffect, useState, useSyncExternalStore } from 'react';
import { createFeed, type Feed, type FeedOptions, type FeedView } from './feed';

/** Connects to the live feed while the component is on the page. The first view is what the server painted. */
export function useFeed(options: FeedOptions): { feed: Feed; view: FeedView } {
  const [feed] = useState(() => createFeed(options));
  const view = useSyncExternalStore(feed.subscribe, feed.view, feed.view);
  useEffect(() => feed.start(), [feed]);
  return { feed, view };
}
