import { HiveError, nodeName, type Dependency, type Plan, type PlannedFault, type Target } from '@hive/contract';
import type { OrderNode } from '../measuring.js';
import { createRandom } from '../random.js';
import type { FaultSwitch, FaultyWay, Outside } from './outside.js';

/** The ways that a scenario's requests take, and the faults on them. */
export interface Links {
  nodes: readonly OrderNode[];
  /** Which of `nodes` are never under a fault; null: the faults are not between Hive and the target. */
  spared: readonly number[] | null;
  /** Puts on and takes off what is due, ms since the first planned send. */
  follow(nowMs: number): Promise<void>;
  /** Takes every fault off and closes every way. */
  close(): Promise<void>;
}

/**
 * Opens the ways of a plan with faults: proxies to the target, or the control of the proxy between the target and a dependency.
 * @throws HiveError `target_unreachable` when the dependency's proxy does not answer, `refused_by_safety`.
 */
export async function openLinks(from: {
  plan: Plan;
  target: Target;
  seed: number;
  allowTargets: readonly string[];
  outside: Pick<Outside, 'createProxy' | 'remoteToxics'>;
}): Promise<Links> {
  const { plan, target, allowTargets, outside } = from;
  const faults = plan.faults ?? [];
  const [first] = faults;
  if (first !== undefined && target.safety.environment === 'production')
    throw new HiveError(
      'refused_by_safety',
      `${target.id} is a production target: no faults are put on its connections`,
    );
  if (first === undefined) return { nodes: target.nodes, spared: null, ...NO_FAULTS };
  if (first.link !== 'client') {
    const dependency = dependencyOf(target, first.link);
    const toxics = await outside.remoteToxics({ dependency, allowTargets });
    return { nodes: target.nodes, spared: null, ...script(faults, toxics) };
  }
  return openClientLinks({ ...from, faults });
}

const NO_FAULTS = { follow: () => Promise.resolve(), close: () => Promise.resolve() };

function dependencyOf(target: Target, name: string): Dependency & { proxy: string } {
  const found = target.dependencies.find((one) => one.name === name);
  if (found?.proxy !== undefined) return { ...found, proxy: found.proxy };
  throw new HiveError('validation', `dependencies: ${target.id} has no dependency '${name}' with a proxy`, {
    hint: 'generate the scenario again',
  });
}

/** For each node of the target a spared way and one that faults come upon; the plan's links are dealt out over both. */
async function openClientLinks(from: {
  plan: Plan;
  target: Target;
  seed: number;
  allowTargets: readonly string[];
  outside: Pick<Outside, 'createProxy'>;
  faults: readonly PlannedFault[];
}): Promise<Links> {
  const { plan, target, seed, allowTargets, outside, faults } = from;
  const proxies: FaultyWay[] = [];
  const open = async (upstream: string, number: number): Promise<FaultyWay> => {
    const proxy = await outside.createProxy({ upstream, seed: seed + number, allow: allowTargets });
    proxies.push(proxy);
    return proxy;
  };
  const closeAll = async (): Promise<void> => {
    await Promise.all(proxies.map((proxy) => proxy.close()));
  };
  try {
    const share = plan.links === undefined ? 1 : (faults[0]?.share ?? 0);
    const count = plan.links ?? target.nodes.length;
    const hit = chooseHit(count, plan.links === undefined ? count : Math.max(1, Math.round(share * count)), seed);
    const ways = await Promise.all(
      target.nodes.map(async (node, index) => ({
        node,
        spared: await open(upstreamOf(node), 2 * index),
        hit: await open(upstreamOf(node), 2 * index + 1),
      })),
    );
    const nodes = Array.from({ length: count }, (_, index): OrderNode => {
      const { node, ...way } = ways[index % ways.length] as (typeof ways)[number];
      return { ...node, id: nodeName(node), via: listening(hit.has(index) ? way.hit : way.spared) };
    });
    const spared = nodes.flatMap((_, index) => (hit.has(index) ? [] : [index]));
    const faulty = ways.map((way) => way.hit);
    return { nodes, spared, ...script(faults, localToxics(faulty, closeAll)) };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** Which of this many links have faults, drawn without replacement. */
function chooseHit(count: number, wanted: number, seed: number): ReadonlySet<number> {
  const random = createRandom(seed);
  const left = Array.from({ length: count }, (_, index) => index);
  const hit = new Set<number>();
  while (hit.size < wanted && left.length > 0) hit.add(left.splice(random.integer(left.length), 1)[0] as number);
  return hit;
}

/** `host:port` of a node, as a proxy dials it. */
function upstreamOf({ url: text, connect }: Pick<OrderNode, 'url' | 'connect'>): string {
  if (connect !== undefined) return connect;
  const url = new URL(text);
  return `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`;
}

function listening({ listen }: FaultyWay): { host: string; port: number } {
  const colon = listen.lastIndexOf(':');
  return { host: listen.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port: Number(listen.slice(colon + 1)) };
}

function localToxics(proxies: readonly FaultyWay[], close: () => Promise<void>): FaultSwitch {
  return {
    put: ({ type, stream, attributes }, name) => {
      for (const proxy of proxies) proxy.addToxic({ name, type, stream, attributes, toxicity: 1 });
      return Promise.resolve();
    },
    takeOff: (name) => {
      for (const proxy of proxies) if (proxy.toxics.some((toxic) => toxic.name === name)) proxy.removeToxic(name);
      return Promise.resolve();
    },
    close,
  };
}

/** Follows a plan's faults in time. */
function script(faults: readonly PlannedFault[], toxics: FaultSwitch): Pick<Links, 'follow' | 'close'> {
  const on = new Set<number>();
  const past = new Set<number>();
  async function take(index: number): Promise<void> {
    on.delete(index);
    past.add(index);
    await toxics.takeOff(nameOf(index));
  }
  return {
    async follow(nowMs) {
      for (const index of on) if (nowMs >= (faults[index] as PlannedFault).toMs) await take(index);
      for (const [index, fault] of faults.entries()) {
        if (on.has(index) || past.has(index) || nowMs < fault.fromMs || nowMs >= fault.toMs) continue;
        on.add(index);
        await toxics.put(fault, nameOf(index));
      }
    },
    async close() {
      // One that cannot be taken off must not keep the others on.
      const taken = await Promise.allSettled([...on].map(take));
      await toxics.close();
      for (const one of taken) if (one.status === 'rejected') throw one.reason;
    },
  };
}

function nameOf(index: number): string {
  return `hive-${index + 1}`;
}
