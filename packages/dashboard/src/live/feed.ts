import { type Client, type LiveMessage, type MetricsSummary } from '@hive/contract';
import {
  keepConnection,
  openWebSocket,
  type Connection,
  type ConnectionOptions,
  type ConnectionState,
} from './connection';
import { isClosed, refusalOf, type Refusal } from './refusal';
import { loadSnapshot, loadSummary, type Snapshot } from './snapshot';
import { createApiClient, createTickets, openWithTicket } from './tickets';
import { applyMessage, applySnapshot, beginState, type LiveState } from './state';

/** What all pages see. */
export interface FeedView {
  state: LiveState;
  connection: ConnectionState;
  /** The API lets this browser see nothing more, such as without a token. */
  refusal: Refusal | null;
  /** The target that was chosen to be looked at; null: none was. */
  chosen: string | null;
  /** When the API was last heard, on this reader's clock, ms; renewed when it falls silent. */
  heardAtMs: number;
}

export interface FeedOptions {
  apiUrl: string;
  /** Requests need a ticket. */
  hasToken: boolean;
  snapshot: Snapshot;
  open?: ConnectionOptions['open'];
  client?: Client;
}

/** The live view of the API that all pages share. */
export interface Feed {
  readonly client: Client;
  view(): FeedView;
  subscribe(listener: () => void): () => void;
  /** Looks at a target. It stays chosen from page to page. */
  choose(target: string): void;
  /** Which target is looked at: what is shown of it is loaded, and kept up to date. */
  follow(target: string): void;
  /** Asks for everything by HTTP. */
  reload(): Promise<void>;
  /** Tries to connect at once. */
  retry(): void;
  /** Connects; the answer ends it. */
  start(): () => void;
}

const SUMMARY_DELAY_MS = 300;
const RELOAD_AGAIN_MS = 3_000;

/** Joins the connection, the reducer and what is asked for by HTTP. Nothing is sent before `start`. */
export function createFeed(options: FeedOptions): Feed {
  const { apiUrl } = options;
  const tickets = options.hasToken ? createTickets() : null;
  const client = options.client ?? createApiClient(apiUrl, tickets);
  const askTicket = async (): Promise<string> => (await client.call('createLiveTicket')).ticket;
  const open = options.open ?? (tickets === null ? openWebSocket : openWithTicket(askTicket));
  const listeners = new Set<() => void>();
  let view: FeedView = {
    state: beginState(options.snapshot, Date.now()),
    connection: 'connecting',
    refusal: null,
    chosen: null,
    heardAtMs: Date.now(),
  };
  let connection: Connection | null = null;
  let target: string | undefined;
  let running = false;
  /** What came in while a snapshot was under way: it may be newer than the snapshot. */
  let meanwhile: LiveMessage[] | null = null;
  let underWay: Promise<void> | null = null;
  let summaryTimer: ReturnType<typeof setTimeout> | undefined;
  let reloadTimer: ReturnType<typeof setTimeout> | undefined;

  const show = (change: Partial<FeedView>): void => {
    view = { ...view, ...change };
    for (const listener of listeners) listener();
  };
  const fail = (error: unknown): void => {
    if (isClosed(error)) show({ refusal: refusalOf(error) });
  };

  const receive = (message: LiveMessage): void => {
    meanwhile?.push(message);
    const state = applyMessage(view.state, message, Date.now());
    if (state !== view.state) show({ state });
    if (message.type === 'hello' || view.state.reload) void reload();
    else if (message.type === 'scenario_completed' || message.type === 'session_completed') refreshSummary();
  };

  const reload = (): Promise<void> => (underWay ??= load().finally(() => (underWay = null)));

  const load = async (): Promise<void> => {
    meanwhile = [];
    clearTimeout(reloadTimer);
    const loading = target;
    try {
      const snapshot = await loadSnapshot(client, target);
      const { seq } = view.state;
      const begin: LiveState = { ...applySnapshot(view.state, snapshot, Date.now()), seq: null };
      const state = meanwhile.filter(isNews).reduce((now, message) => applyMessage(now, message, Date.now()), begin);
      show({ state: { ...state, seq, reload: false }, refusal: null });
    } catch (error) {
      fail(error);
      if (running && view.connection === 'live') reloadTimer = setTimeout(() => void reload(), RELOAD_AGAIN_MS);
    } finally {
      meanwhile = null;
    }
    // Another target was looked at in the meantime.
    if (loading !== target && isMissing(target)) await load();
  };

  /** Whether nothing of it is loaded; of a target that does not exist nothing ever is. */
  const isMissing = (wanted: string | undefined): boolean =>
    wanted !== undefined &&
    view.state.views[wanted] === undefined &&
    view.state.targets.some(({ id }) => id === wanted);

  const refreshSummary = (): void => {
    clearTimeout(summaryTimer);
    summaryTimer = setTimeout(() => {
      const followed = target ?? view.state.status.target;
      const [session] = (followed === null ? undefined : view.state.views[followed]?.sessions) ?? [];
      if (followed === null || session === undefined) return;
      const take = (summary: MetricsSummary): void => {
        const own = view.state.views[followed];
        if (own?.sessions[0]?.id !== session.id) return;
        show({ state: { ...view.state, views: { ...view.state.views, [followed]: { ...own, summary } } } });
      };
      loadSummary(client, session.id).then(take, fail);
    }, SUMMARY_DELAY_MS);
  };

  const follow = (wanted: string): void => {
    if (wanted === target) return;
    target = wanted;
    if (isMissing(wanted)) void reload();
  };

  const start = (): (() => void) => {
    running = true;
    const kept = keepConnection({
      url: () => liveUrl(apiUrl, view.state.seq),
      open,
      onMessage: receive,
      onState: (state, heardAtMs) => show({ connection: state, heardAtMs }),
      // Why an upgrade was refused is told by HTTP only.
      onFailure: () => void client.call('trainingStatus').catch(fail),
    });
    connection = kept;
    const stopListening = watchNetwork(kept);
    return () => {
      running = false;
      clearTimeout(summaryTimer);
      clearTimeout(reloadTimer);
      stopListening();
      connection = null;
      kept.close();
    };
  };

  return {
    client,
    view: () => view,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    choose: (chosen) => show({ chosen }),
    follow,
    async reload() {
      // What is under way may have been asked before what the caller did.
      await underWay;
      await reload();
    },
    retry: () => connection?.retry(),
    start,
  };
}

/** The address of the feed; `since` asks for what came after it. */
export function liveUrl(apiUrl: string, since: number | null): string {
  const url = new URL(`${apiUrl}/ws/metrics`);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  if (since !== null) url.searchParams.set('since', String(since));
  return url.href;
}

/** A snapshot has everything but what changes a state in between; windows are in the chart already. */
function isNews(message: LiveMessage): boolean {
  return message.type !== 'hello' && message.type !== 'gap' && !message.type.startsWith('window');
}

function watchNetwork(connection: Connection): () => void {
  if (typeof window === 'undefined') return () => undefined;
  const retry = (): void => connection.retry();
  const retryIfSeen = (): void => {
    if (document.visibilityState === 'visible') connection.retry();
  };
  window.addEventListener('online', retry);
  document.addEventListener('visibilitychange', retryIfSeen);
  return () => {
    window.removeEventListener('online', retry);
    document.removeEventListener('visibilitychange', retryIfSeen);
  };
}
