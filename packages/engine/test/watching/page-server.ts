import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PageServer {
  url: string;
  /** What it was asked, head by head. */
  asked: { url: string; headers: Record<string, unknown> }[];
  close(): Promise<void>;
}

/** A server on a free port of 127.0.0.1 that answers each request as told. */
export async function startPages(answer: RequestListener): Promise<PageServer> {
  const asked: PageServer['asked'] = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url ?? '', headers: request.headers });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`,
    asked,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A server that shows one text after another, and the last one for ever. */
export function startTexts(...texts: (string | number)[]): Promise<PageServer> {
  let turn = 0;
  return startPages((_, response) => {
    const text = texts[Math.min(turn++, texts.length - 1)] as string | number;
    if (typeof text === 'number') response.writeHead(text).end();
    else response.end(text);
  });
}
