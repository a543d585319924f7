import { PGlite, types, type Transaction } from '@electric-sql/pglite';
import { parentPort, workerData } from 'node:worker_threads';
import { withoutSpare, type Answer, type Failure, type Numbered, type Order } from './messages.js';

// The embedded database, in a thread of its own: whoever waits for it does not wait for its work.

if (!parentPort) throw new Error('database-worker.ts runs in a worker thread only');
const port = parentPort;
const send = (answer: Answer): void => port.postMessage(answer);

/** A transaction that is open until its end is ordered. */
interface Open {
  transaction: Transaction;
  end(keep: boolean): Promise<void>;
}

/** Thrown to undo a transaction, and by nobody else. */
const UNDO = new Error('undo');
/** As the queries want them: they read times themselves, so they get the database's own text. */
const AS_TEXT = Object.fromEntries(
  [types.TIMESTAMP, types.TIMESTAMPTZ, types.INTERVAL, types.DATE, 1231, 1115, 1185, 1187, 1182].map((type) => [
    type,
    (text: string) => text,
  ]),
);
/** Its own way through the hexadecimal text of bytes takes ten times as long. */
const BYTES = {
  parsers: { [types.BYTEA]: (text: string) => Buffer.from(text.slice(2), 'hex') },
  serializers: { [types.BYTEA]: (bytes: Uint8Array) => String.raw`\x` + hex(bytes) },
};

/** Half of the usual: the memory of a machine that is also measured from is wanted elsewhere. */
const MEMORY = ['-c', 'shared_buffers=64MB'];

const opening = PGlite.create(workerData as string, {
  startParams: [...PGlite.defaultStartParams, ...MEMORY],
  parsers: { ...AS_TEXT, ...BYTES.parsers },
  serializers: BYTES.serializers,
});
const open = new Map<number, Open>();
let count = 0;

port.on('message', ({ id, order }: Numbered) => {
  obey(order).then(
    (value) => send({ id, value }),
    (error: unknown) => send({ id, failure: failureOf(error) }),
  );
});

async function obey(order: Order): Promise<unknown> {
  const database = await opening;
  switch (order.type) {
    case 'query': {
      const client = order.of === undefined ? database : transactionOf(order.of).transaction;
      const { rows, fields, affectedRows } = await client.query<Record<string, unknown> | unknown[]>(
        order.text,
        order.values,
        { rowMode: order.rowMode },
      );
      const own = rows.map((row) =>
        Array.isArray(row)
          ? withoutSpare(row)
          : Object.fromEntries(Object.entries(row).map(([name, value]) => [name, withoutSpare(value)])),
      );
      return { rows: own, fields, affectedRows };
    }
    case 'begin':
      return begin(database);
    case 'end': {
      const { end } = transactionOf(order.of);
      open.delete(order.of);
      return end(order.keep);
    }
    case 'close':
      return database.close();
  }
}

function transactionOf(number: number): Open {
  const found = open.get(number);
  if (found === undefined) throw new Error(`the transaction ${number} is not open`);
  return found;
}

/** Resolves with the number of a transaction that has begun: others wait until its end is ordered. */
function begin(database: PGlite): Promise<number> {
  const number = (count += 1);
  return new Promise((resolve, reject) => {
    const done = database.transaction(
      (transaction) =>
        new Promise<void>((keep, undo) => {
          open.set(number, {
            transaction,
            async end(isKept) {
              if (isKept) keep();
              else undo(UNDO);
              await done.catch((error: unknown) => {
                if (error !== UNDO) throw error;
              });
            },
          });
          resolve(number);
        }),
    );
    done.catch(reject);
  });
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { message: String(error), fields: {} };
  const plain = Object.entries(error).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  return { message: error.message, fields: Object.fromEntries(plain) };
}

function hex({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('hex');
}
