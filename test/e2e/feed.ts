import { liveMessageSchema, type LiveMessage } from '@hive/contract';
import { WebSocket, type ClientOptions } from 'ws';

/** A reader of the live feed that keeps what it has received. */
export interface Feed {
  messages: LiveMessage[];
  close(): void;
}

/** Opens the live feed. Every message is held against the contract; one that does not fit is kept in `broken`. */
export async function openFeed(url: string, options: ClientOptions = {}): Promise<Feed & { broken: string[] }> {
  const socket = new WebSocket(url, options);
  const messages: LiveMessage[] = [];
  const broken: string[] = [];
  socket.on('message', (data: Buffer) => {
    const parsed = liveMessageSchema.safeParse(JSON.parse(data.toString()));
    if (parsed.success) messages.push(parsed.data);
    else broken.push(data.toString());
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return { messages, broken, close: () => socket.close() };
}
