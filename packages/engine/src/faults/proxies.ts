import { HiveError } from '@hive/contract';
import { createProxy, type FaultProxy, type ProxyChange } from './proxy.js';
import { badBody, fields, text } from './registry.js';

export interface ProxiesOptions {
  seed: number;
  allow: readonly string[];
}

/** The proxies of the stand-alone service, by name. */
export class Proxies {
  readonly #proxies = new Map<string, FaultProxy>();

  constructor(private readonly options: ProxiesOptions) {}

  list(): FaultProxy[] {
    return [...this.#proxies.values()];
  }

  /** @throws HiveError `not_found`. */
  get(name: string): FaultProxy {
    const proxy = this.#proxies.get(name);
    if (!proxy) throw new HiveError('not_found', 'proxy not found');
    return proxy;
  }

  /** @throws HiveError `validation`, `conflict`, `refused_by_safety`, `port_taken`. */
  async create(input: unknown): Promise<FaultProxy> {
    const wanted = parseProxy(input, '');
    if (this.#proxies.has(wanted.name)) throw new HiveError('conflict', 'proxy already exists');
    return this.#add(wanted);
  }

  /** Makes each of these proxies; one that already has this listen and upstream address is left as it is. Throws as {@link create}. */
  async populate(input: unknown, onReady: (proxy: FaultProxy) => void): Promise<void> {
    if (!Array.isArray(input)) throw badBody('expected a list of proxies');
    const wanted = input.map((entry, index) => parseProxy(entry, ` at proxy ${index + 1}`));
    for (const proxy of wanted) onReady(await this.#addOrReplace(proxy));
  }

  /** @throws HiveError `not_found`. */
  async remove(name: string): Promise<void> {
    await this.get(name).close();
    this.#proxies.delete(name);
  }

  /** Enables every proxy and removes every fault. */
  async reset(): Promise<void> {
    for (const proxy of this.#proxies.values()) {
      await proxy.update({ enabled: true });
      proxy.removeToxics();
    }
  }

  async close(): Promise<void> {
    for (const name of this.#proxies.keys()) await this.remove(name);
  }

  async #addOrReplace(wanted: ProxyInput): Promise<FaultProxy> {
    const existing = this.#proxies.get(wanted.name);
    if (existing && !existing.differs(wanted)) return existing;
    if (existing) await this.remove(wanted.name);
    return this.#add(wanted);
  }

  async #add(wanted: ProxyInput): Promise<FaultProxy> {
    const proxy = await createProxy({ ...this.options, ...wanted });
    this.#proxies.set(proxy.name, proxy);
    return proxy;
  }
}

interface ProxyInput {
  name: string;
  listen: string;
  upstream: string;
  enabled: boolean;
}

function parseProxy(input: unknown, where: string): ProxyInput {
  const given = fields(input);
  const required = (name: string): string => {
    const value = text(given, name);
    if (value !== '') return value;
    throw new HiveError('validation', `missing required field: ${name}${where}`);
  };
  const { enabled = true } = parseChange(input);
  return { name: required('name'), upstream: required('upstream'), listen: text(given, 'listen'), enabled };
}

/** The part of a proxy that an update may change. @throws HiveError `validation`. */
export function parseChange(input: unknown): ProxyChange {
  const given = fields(input);
  const enabled = given['enabled'] ?? undefined;
  if (enabled !== undefined && typeof enabled !== 'boolean') throw badBody('enabled must be true or false');
  return {
    ...(given['listen'] === undefined ? {} : { listen: text(given, 'listen') }),
    ...(given['upstream'] === undefined ? {} : { upstream: text(given, 'upstream') }),
    ...(enabled === undefined ? {} : { enabled }),
  };
}
