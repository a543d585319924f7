const RETRY_MS = 1_000;

/** Counts what could not be published, so that it is told as a gap. */
export interface Losses {
  /** Publishes: `publish` is given how many messages before it were lost. Rejects as it does; then one more is lost. */
  around(topic: string, publish: (lost: number) => Promise<number>): Promise<number>;
  close(): void;
}

/** `tell` numbers lost messages where nothing else is published; it is tried until it succeeds. */
export function createLosses(tell: (topic: string, count: number) => Promise<void>): Losses {
  const lost = new Map<string, number>();
  let retry: NodeJS.Timeout | null = null;
  let closed = false;

  const take = (topic: string): number => {
    const count = lost.get(topic) ?? 0;
    lost.delete(topic);
    return count;
  };
  const add = (topic: string, count: number): void => {
    lost.set(topic, (lost.get(topic) ?? 0) + count);
    if (retry !== null || closed) return;
    retry = setTimeout(() => void tellAll(), RETRY_MS);
    retry.unref();
  };
  async function tellAll(): Promise<void> {
    retry = null;
    const counts = [...lost];
    lost.clear();
    for (const [topic, count] of counts) {
      await tell(topic, count).catch(() => add(topic, count));
    }
  }

  return {
    async around(topic, publish) {
      const before = take(topic);
      try {
        return await publish(before);
      } catch (error) {
        add(topic, before + 1);
        throw error;
      }
    },
    close() {
      closed = true;
      if (retry !== null) clearTimeout(retry);
    },
  };
}
