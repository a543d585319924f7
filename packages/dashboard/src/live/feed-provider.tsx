'use client';

import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import { createFeed, type Feed, type FeedOptions, type FeedView } from './feed';
import { onceAFrame } from './once-a-frame';
import { keepSame } from './same-parts';

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

/**
 * A part of what the feed shows, as it changes, once a frame. `select` answers something that the view holds, or a plain object of such parts,
 * which has changed when one of them has: what is not named does not draw anything anew.
 */
export function useLive<Part>(select: (view: FeedView) => Part): Part {
  const feed = useFeed();
  const last = useRef<{ part: Part } | null>(null);
  const part = (): Part => {
    const selected = select(feed.view());
    const kept = last.current === null ? selected : keepSame(last.current.part, selected);
    last.current = { part: kept };
    return kept;
  };
  const subscribe = useCallback((changed: () => void) => feed.subscribe(onceAFrame(changed)), [feed]);
  return useSyncExternalStore(subscribe, part, part);
}
