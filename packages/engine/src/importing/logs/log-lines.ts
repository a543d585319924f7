const LONGEST_LINE = 64 * 1024;

/**
 * The lines of a stream, a batch for each chunk, each byte as one character (Latin-1), so that no chunk can end inside one. A line longer than 64 KiB
 * comes as null, and is never held whole.
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
): AsyncGenerator<(string | null)[]> {
  let rest = '';
  let skipping = false;
  for await (const chunk of chunks) {
    const text = rest + toBytes(chunk).toString('latin1');
    const lines: (string | null)[] = [];
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      if (!skipping) lines.push(text.slice(start, end));
      skipping = false;
      start = end + 1;
    }
    rest = skipping ? '' : text.slice(start);
    if (rest.length > LONGEST_LINE) {
      lines.push(null);
      rest = '';
      skipping = true;
    }
    yield lines;
  }
  if (rest !== '') yield [rest];
}

function toBytes(chunk: Uint8Array | string): Buffer {
  if (typeof chunk === 'string') return Buffer.from(chunk, 'utf8');
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
