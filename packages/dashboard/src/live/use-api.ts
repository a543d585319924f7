'use client';

import { HiveError, type RouteInput, type RouteName, type RouteOutput } from '@hive/contract';
import { QueryClient, useQueries, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useFeed } from './feed-provider';

const FRESH_MS = 5_000;

/** Keeps what pages asked for beside the feed. */
export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: { queries: { staleTime: FRESH_MS, retry: isWorthRetrying, refetchOnWindowFocus: false } },
  });
}

/** What was refused once is refused again. */
function isWorthRetrying(failures: number, error: Error): boolean {
  return failures < 1 && !(error instanceof HiveError && error.status < 500);
}

interface Asking<Answer> {
  /** What the server painted. */
  loaded?: Answer | undefined;
  enabled?: boolean;
  /** Asks again this often, for what the feed does not tell. */
  everyMs?: number;
}

/** What a route answers, kept up to date: it is asked again when a session or a target changes. */
export function useApi<Name extends RouteName>(
  name: Name,
  input: RouteInput<Name>,
  { loaded, enabled = true, everyMs }: Asking<RouteOutput<Name>> = {},
): UseQueryResult<RouteOutput<Name>> {
  const { client } = useFeed();
  return useQuery({
    queryKey: [name, input],
    queryFn: () => (client.call as (name: Name, input: RouteInput<Name>) => Promise<RouteOutput<Name>>)(name, input),
    enabled,
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
    placeholderData: (before: unknown) => before as never,
    ...(loaded === undefined ? {} : { initialData: loaded as never }),
  });
}

/** What a route answers to each of several inputs, in their order; undefined as long as it is asked. */
export function useApiOfEach<Name extends RouteName>(
  name: Name,
  inputs: readonly RouteInput<Name>[],
): (RouteOutput<Name> | undefined)[] {
  const { client } = useFeed();
  const answers = useQueries({
    queries: inputs.map((input) => ({
      queryKey: [name, input],
      queryFn: () => (client.call as (name: Name, input: RouteInput<Name>) => Promise<RouteOutput<Name>>)(name, input),
    })),
  });
  return answers.map(({ data }) => data);
}

/** What shows checks and incidents: asked again when the feed tells of one. */
const OF_CHECKS: readonly RouteName[] = ['listChecks', 'listSchedules', 'getIncident'];
const OF_INCIDENTS: readonly RouteName[] = ['listIncidents', 'getIncident'];
/** Many checks at once are asked about once. */
const GATHER_MS = 300;

/**
 * Asks anew for everything that is shown when a session begins, learns or ends, and when targets change; and for what shows checks and
 * incidents when one is told.
 */
export function useFreshAnswers(): void {
  const feed = useFeed();
  const queries = useQueryClient();
  useEffect(() => {
    let { state: last, connection: lastConnection } = feed.view();
    const wanted = new Set<RouteName>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const gather = (names: readonly RouteName[]): void => {
      for (const name of names) wanted.add(name);
      timer ??= setTimeout(() => {
        timer = undefined;
        for (const name of wanted) void queries.invalidateQueries({ queryKey: [name] });
        wanted.clear();
      }, GATHER_MS);
    };
    const stop = feed.subscribe(() => {
      const { state, connection } = feed.view();
      const counted = state.status.scenarios_completed !== last.status.scenarios_completed;
      const isBack = connection === 'live' && lastConnection !== 'live' && lastConnection !== 'connecting';
      const hasMissed = isBack || (last.reload && !state.reload);
      const isNews =
        counted || hasMissed || !isSame(state.sessions, last.sessions) || !isSame(state.targets, last.targets);
      if (state.checked !== last.checked) gather(OF_CHECKS);
      if (state.incident !== last.incident) gather(OF_INCIDENTS);
      [last, lastConnection] = [state, connection];
      if (isNews) void queries.invalidateQueries();
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [feed, queries]);
}

/** A snapshot that tells nothing new is no reason to ask again: each page gets one as soon as its feed is open. */
function isSame(one: readonly object[], other: readonly object[]): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
