'use client';

import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { createFeed, type Feed, type FeedOptions, type FeedView } from './feed';

const FeedContext = createContext<Feed | null>(null);

/** Holds the one live feed of all pages, open as long as it is on the screen. The first view is what the server painted. */
export function FeedProvider({ children, ...options }: FeedOptions & { children: ReactNode }) {
  const [feed] = useState(() => createFeed(options));
  useEffect(() => feed.start(), [feed]);
  return <FeedContext value={feed}>{children}</FeedContext>;
}

/** The feed itself, to act through. */
export function useFeed(): Feed {
  const feed = useContext(FeedContext);
  if (feed === null) throw new Error('useFeed is for what stands within a FeedProvider');
  return feed;
}

/** A part of what the feed shows, as it changes. `select` answers something that the view holds, nothing new. */
export function useLive<Part>(select: (view: FeedView) => Part): Part {
  const feed = useFeed();
  const part = (): Part => select(feed.view());
  return useSyncExternalStore(feed.subscribe, part, part);
}
