import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Answer, Order, RowMode } from './messages.js';
import { withoutSpare } from './messages.js';

/** Node on a `.ts` file cannot start a worker: from sources, the built one is taken. */
const WORKER_URL = new URL(
  import.meta.url.endsWith('.ts') ? '../../../dist/store/embedded/database-worker.js' : './database-worker.js',
  import.meta.url,
);
/** Rows pass through it: a small young generation is enough. The database itself lies outside. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 8 };
/** What a database that does not close is waited for: it loses nothing, as after a kill. */
const CLOSE_MS = 2_000;

/** Rows of one statement. */
export interface Rows {
  rows: unknown[];
  fields: { name: string; dataTypeID: number }[];
  affectedRows?: number | undefined;
}

/** What one asks for statements: the database, or a transaction. */
export interface Asked {
  query(text: string, values?: unknown[], options?: { rowMode?: RowMode | undefined }): Promise<Rows>;
}

interface Statement {
  text: string;
  values: unknown[];
  rowMode?: RowMode | undefined;
  /** The transaction that it is in. */
  of?: number | undefined;
}

/** Opens the embedded database in `place`, in a thread beside. @throws what the database says. */
export async function openClient(place: string): Promise<EmbeddedClient> {
  if (!existsSync(join(place, 'PG_VERSION'))) await makeDatabase(place);
  const client = new EmbeddedClient(place);
  await client.query('select 1').catch(async (error: unknown) => {
    await client.close();
    throw error;
  });
  return client;
}

/** Making a database takes twice the memory of using it, which only the end of its thread gives back. */
async function makeDatabase(place: string): Promise<void> {
  const client = new EmbeddedClient(place);
  try {
    await client.query('select 1');
  } finally {
    await client.close();
  }
}

/** The embedded database as its queries ask it, from another thread. */
export class EmbeddedClient implements Asked {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #count = 0;
  #ended: Error | null = null;
  #closed: Promise<void> | null = null;

  constructor(place: string) {
    this.#worker = new Worker(WORKER_URL, {
      name: 'hive-database',
      workerData: place,
      resourceLimits: RESOURCE_LIMITS,
      // What Node was started with, such as a program as text, is not meant for it.
      execArgv: [],
    });
    // It keeps a process alive only while somebody waits for it.
    this.#worker.unref();
    this.#worker.on('message', (answer: Answer) => this.#take(answer));
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', () => this.#end(new Error('the thread of the database was closed')));
  }

  async query(text: string, values: unknown[] = [], options: { rowMode?: RowMode | undefined } = {}): Promise<Rows> {
    return this.#query({ text, values, ...options });
  }

  /** Does `work` in a transaction: what it throws undoes all. */
  async transaction<Value>(work: (inner: Asked) => Promise<Value>): Promise<Value> {
    const of = (await this.#ask({ type: 'begin' })) as number;
    const inner: Asked = { query: (text, values = [], options = {}) => this.#query({ text, values, ...options, of }) };
    let value: Value;
    try {
      value = await work(inner);
    } catch (error) {
      await this.#ask({ type: 'end', of, keep: false }).catch(() => undefined);
      throw error;
    }
    await this.#ask({ type: 'end', of, keep: true });
    return value;
  }

  /** Ends the thread, after what the database still has to write. */
  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, CLOSE_MS)));
    await Promise.race([this.#ask({ type: 'close' }).catch(() => undefined), late]);
    clearTimeout(timer);
    await this.#worker.terminate();
  }

  async #query({ text, values, rowMode = 'object', of }: Statement): Promise<Rows> {
    return (await this.#ask({ type: 'query', text, values: values.map(withoutSpare), rowMode, of })) as Rows;
  }

  #ask(order: Order): Promise<unknown> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const id = (this.#count += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.ref();
      this.#worker.postMessage({ id, order });
    });
  }

  #take(answer: Answer): void {
    const asked = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if ('value' in answer) asked?.resolve(answer.value);
    else asked?.reject(Object.assign(new Error(answer.failure.message), answer.failure.fields));
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}
