import { createReadStream } from 'node:fs';
import { HiveError } from '@hive/contract';

/** Reads what is to be imported, as a stream; `-` is stdin. @throws HiveError `validation` when it cannot be read. */
export async function readSource<Result>(
  path: string,
  read: (chunks: AsyncIterable<Buffer>) => Promise<Result>,
): Promise<Result> {
  try {
    return await read(chunksOf(path));
  } catch (cause) {
    if (!(cause instanceof HiveError) && isOfFiles(cause)) throw unreadable(path, cause);
    throw cause;
  }
}

/** Opened when it is first read: a stream that nobody listens to yet must not fail. */
async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  yield* path === '-' ? process.stdin : createReadStream(path, { highWaterMark: 1 << 20 });
}

const isOfFiles = (cause: unknown): cause is NodeJS.ErrnoException => cause instanceof Error && 'syscall' in cause;

function unreadable(path: string, cause: NodeJS.ErrnoException): HiveError {
  const message = `${path} cannot be read (${cause.code ?? cause.message})`;
  return new HiveError('validation', message, { hint: 'name an existing file', cause });
}
