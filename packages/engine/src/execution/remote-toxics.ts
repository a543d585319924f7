import { HiveError, type Dependency, type PlannedFault } from '@hive/contract';
import { resolveAllowed } from '../safety/addresses.js';

const ANSWER_LIMIT_MS = 2_000;

/**
 * Controls the faults of a proxy that runs elsewhere, by Toxiproxy's HTTP API.
 * @throws HiveError `refused_by_safety` for an address that may not be dialled, `target_unreachable` when no proxy of that name answers there.
 */
export async function remoteToxics(from: {
  dependency: Dependency & { proxy: string };
  allowTargets: readonly string[];
}): Promise<{
  put(fault: PlannedFault, name: string): Promise<void>;
  takeOff(name: string): Promise<void>;
  close(): Promise<void>;
}> {
  const { dependency, allowTargets } = from;
  const api = new URL(dependency.proxy);
  await resolveAllowed(api.hostname.replace(/^\[(.*)\]$/, '$1'), Number(api.port) || 80, allowTargets);
  const path = `/proxies/${encodeURIComponent(dependency.name)}`;

  /** `fine`: a status beyond 2xx that is as good. Returns the status. */
  async function ask(
    method: string,
    where: string,
    { body, fine }: { body?: unknown; fine?: number } = {},
  ): Promise<number> {
    const url = new URL(where, api);
    const trouble = (why: string, cause?: unknown): HiveError =>
      new HiveError('target_unreachable', `the fault proxy of ${dependency.name} at ${dependency.proxy} ${why}`, {
        hint: 'start it with `hive proxy`, with a proxy of this name between the target and the dependency',
        cause,
      });
    let answer: Response;
    try {
      answer = await fetch(url, {
        method,
        redirect: 'error',
        signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
    } catch (cause) {
      throw trouble('does not answer', cause);
    }
    const text = await answer.text();
    if (!answer.ok && answer.status !== fine) throw trouble(`answered ${answer.status}: ${text.slice(0, 200)}`);
    return answer.status;
  }

  /** One that is not there any more is as it should be. */
  async function takeOff(name: string): Promise<void> {
    await ask('DELETE', `${path}/toxics/${encodeURIComponent(name)}`, { fine: 404 });
  }

  await ask('GET', path);
  return {
    async put({ type, stream, attributes, share }, name) {
      const body = { name, type, stream, toxicity: share, attributes };
      if ((await ask('POST', `${path}/toxics`, { body, fine: 409 })) !== 409) return;
      // A session that was killed left it there.
      await takeOff(name);
      await ask('POST', `${path}/toxics`, { body });
    },
    takeOff,
    close: () => Promise.resolve(),
  };
}
