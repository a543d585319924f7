import { HiveError } from '@hive/contract';
import type { Connection } from './connection.js';
import { seededDraws } from './random.js';
import { parseToxic, parseToxicUpdate, toxicOf, type ToxicInput, type ToxicSpec } from './registry.js';
import { Stage } from './stage.js';
import { STREAMS, type Fault, type Outlet } from './toxic.js';

/**
 * How connections are chosen: `each` draws every connection on its own with the toxicity as its chance, as Toxiproxy does;
 * `share` hits exactly that share of the connections open when the fault begins. New connections are drawn one by one in both.
 */
export type Draw = 'each' | 'share';

/** How far a fault has reached since it was added. */
export interface Reach {
  /** Connections that were drawn, and how many of them were hit. */
  drawn: number;
  hit: number;
  /** Connections open now, and how many of them are hit. */
  open: number;
  openHit: number;
  /** Time of open connections under the fault ÷ time of open connections, 0–1; null before any was open. */
  achievedShare: number | null;
}

/** A connection came under a fault, or out of it while it was open. */
export interface HitEvent {
  type: 'hit' | 'released';
  toxic: string;
  connection: Connection;
}

interface ActiveToxic {
  spec: ToxicSpec;
  draw: Draw;
  /** Counts the additions, so that a fault added again draws again. */
  generation: number;
  open: (outlet: Outlet) => Fault;
  reach: { drawn: number; hit: number; openHit: number; sinceMs: number; openMs: number; hitMs: number };
}

/** The faults of one proxy, in their order, and which connections they hit. */
export class ToxicChain {
  readonly #toxics: ActiveToxic[] = [];
  readonly #connections = new Set<Connection>();
  #generation = 0;

  constructor(
    private readonly seed: number,
    private readonly onHit: (event: HitEvent) => void,
  ) {}

  get connections(): ReadonlySet<Connection> {
    return this.#connections;
  }

  /** In the order of the chains: upstream, then downstream. */
  list(): ToxicSpec[] {
    return STREAMS.flatMap((stream) => this.#toxics.filter(({ spec }) => spec.stream === stream)).map(
      ({ spec }) => spec,
    );
  }

  /** @throws HiveError `not_found`. */
  get(name: string): ToxicSpec {
    return this.#find(name).spec;
  }

  /** @throws HiveError `not_found`. */
  reach(name: string): Reach {
    const active = this.#find(name);
    this.#account(active);
    const { drawn, hit, openHit, openMs, hitMs } = active.reach;
    return { drawn, hit, open: this.#connections.size, openHit, achievedShare: openMs > 0 ? hitMs / openMs : null };
  }

  /** @throws HiveError `validation`, or `conflict` when the name is taken. */
  add(input: ToxicInput, draw: Draw): ToxicSpec {
    const spec = parseToxic(input);
    if (this.#toxics.some((other) => other.spec.name === spec.name)) {
      throw new HiveError('conflict', 'toxic already exists');
    }
    const active: ActiveToxic = {
      spec,
      draw,
      generation: (this.#generation += 1),
      open: toxicOf(spec).create(spec.attributes),
      reach: { drawn: 0, hit: 0, openHit: 0, sinceMs: performance.now(), openMs: 0, hitMs: 0 },
    };
    this.#toxics.push(active);
    this.#drawAll(active);
    return spec;
  }

  /** Changes toxicity and attributes; a changed toxicity draws the open connections again. @throws HiveError `not_found`, `validation`. */
  update(name: string, input: Partial<Pick<ToxicSpec, 'toxicity' | 'attributes'>>): ToxicSpec {
    const active = this.#find(name);
    const before = active.spec;
    active.spec = parseToxicUpdate(before, input);
    active.open = toxicOf(active.spec).create(active.spec.attributes);
    for (const connection of this.#connections) {
      connection.links[before.stream].stages.find((stage) => stage.name === name)?.update(active.open);
    }
    if (active.spec.toxicity !== before.toxicity) this.#drawAll(active);
    return active.spec;
  }

  /** @throws HiveError `not_found`. */
  remove(name: string): void {
    const active = this.#find(name);
    for (const connection of this.#connections) this.#release(active, connection);
    this.#toxics.splice(this.#toxics.indexOf(active), 1);
  }

  removeAll(): void {
    for (const { name } of this.list()) this.remove(name);
  }

  /** A connection opened: every fault draws it. */
  attach(connection: Connection): void {
    for (const active of this.#toxics) this.#account(active);
    this.#connections.add(connection);
    for (const active of this.#toxics) {
      active.reach.drawn += 1;
      if (this.#chance(active, connection) < active.spec.toxicity) this.#hit(active, connection);
    }
  }

  detach(connection: Connection): void {
    for (const active of this.#toxics) {
      this.#account(active);
      if (connection.hits.has(active.spec.name)) active.reach.openHit -= 1;
    }
    this.#connections.delete(connection);
  }

  #find(name: string): ActiveToxic {
    const active = this.#toxics.find(({ spec }) => spec.name === name);
    if (!active) throw new HiveError('not_found', 'toxic not found');
    return active;
  }

  #chance({ spec, generation }: ActiveToxic, connection: Connection): number {
    return seededDraws(this.seed, 'hit', spec.name, generation, connection.id)();
  }

  #drawAll(active: ActiveToxic): void {
    this.#account(active);
    const drawn = [...this.#connections].map((connection) => ({
      connection,
      chance: this.#chance(active, connection),
    }));
    active.reach.drawn += drawn.length;
    // The lowest chances are a fair sample of exactly the share that is asked for.
    drawn.sort((a, b) => a.chance - b.chance);
    const exactly = Math.round(active.spec.toxicity * drawn.length);
    for (const [index, { connection, chance }] of drawn.entries()) {
      const hit = active.draw === 'share' ? index < exactly : chance < active.spec.toxicity;
      if (hit) this.#hit(active, connection);
      else this.#release(active, connection);
    }
  }

  #hit(active: ActiveToxic, connection: Connection): void {
    const { spec, generation, reach } = active;
    if (connection.hits.has(spec.name)) return;
    connection.hits.add(spec.name);
    connection.wasHit = true;
    reach.hit += 1;
    reach.openHit += 1;
    this.onHit({ type: 'hit', toxic: spec.name, connection });
    const link = connection.links[spec.stream];
    const before = this.#toxics.slice(0, this.#toxics.indexOf(active));
    const position = link.stages.filter(({ name }) => before.some((other) => other.spec.name === name)).length;
    const random = seededDraws(this.seed, 'draws', spec.name, generation, connection.id);
    const separate = toxicOf(spec).separate ?? false;
    link.insert(position, (host, next) => {
      return new Stage(host, { name: spec.name, next, random, separate, open: active.open });
    });
  }

  #release(active: ActiveToxic, connection: Connection): void {
    const { name, stream } = active.spec;
    if (!connection.hits.delete(name)) return;
    this.#account(active);
    active.reach.openHit -= 1;
    const link = connection.links[stream];
    const stage = link.stages.find((candidate) => candidate.name === name);
    if (stage) link.remove(stage);
    this.onHit({ type: 'released', toxic: name, connection });
  }

  /** Adds the time since the last change to the totals of open and hit connections. */
  #account({ reach }: ActiveToxic): void {
    const nowMs = performance.now();
    const passedMs = nowMs - reach.sinceMs;
    reach.sinceMs = nowMs;
    reach.openMs += passedMs * this.#connections.size;
    reach.hitMs += passedMs * reach.openHit;
  }
}
