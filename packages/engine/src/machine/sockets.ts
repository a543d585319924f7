/** A socket of this machine that waits for connections. */
export interface Listener {
  port: number;
  inode: string;
}

const LISTENING = '0A';

/** /proc/net/tcp or tcp6: what listens. */
export function parseTcp(text: string): Listener[] {
  return text.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    const port = /:([0-9A-F]{4})$/.exec(local)?.[1];
    return state === LISTENING && port !== undefined && inode !== undefined
      ? [{ port: parseInt(port, 16), inode }]
      : [];
  });
}

/** /proc/net/unix: the inodes of the sockets at a path. */
export function parseUnix(text: string, path: string): string[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    return fields[7] === path && fields[6] !== undefined ? [fields[6]] : [];
  });
}

/** The inode of a link such as `socket:[123]`; null: it is no socket. */
export const socketInode = (link: string): string | null => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? null;
