import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a receiver got. */
export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  /** As it came. */
  raw: string;
}

export interface Answering {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

export interface Receiver {
  url: string;
  received: Received[];
  /** How the next ones are answered, in turn; then with 200. `hang`: not at all. */
  answers: (Answering | 'hang')[];
  /** Resolves when it has got this many. */
  until(count: number): Promise<void>;
  close(): Promise<void>;
}

/** A service on loopback that gets what channels send. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const answers: Receiver['answers'] = [];
  let told = (): void => undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, raw: Buffer.concat(chunks).toString() });
      told();
      const answer = answers.shift() ?? { status: 200, body: 'ok' };
      if (answer !== 'hang') response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answers,
    async until(count) {
      while (received.length < count) await new Promise<void>((resolve) => (told = resolve));
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
