import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';

/** A machine of its own, as far as the network goes. */
export interface Host {
  /** Address of this machine, as it is reached from there. */
  gateway: string;
  /** What a program is started with, so that it runs there. */
  through: readonly string[];
  close(): void;
}

/** Namespaces of the network, each with a line of its own to this machine, where the test may make them (as root on Linux); else loopback. */
export function openHosts(count: number): Host[] {
  const isRoot = process.getuid?.() === 0 && spawnSync('ip', ['netns', 'list']).status === 0;
  const hosts: Host[] = [];
  try {
    for (let number = 0; number < count; number += 1) hosts.push(isRoot ? openNamespace() : openLoopback());
  } catch (error) {
    for (const host of hosts) host.close();
    throw error;
  }
  return hosts;
}

function openLoopback(): Host {
  return { gateway: '127.0.0.1', through: [], close: () => undefined };
}

function openNamespace(): Host {
  const name = `hive-${randomBytes(4).toString('hex')}`;
  const [outer, inner] = [`o${name.slice(5)}`, `i${name.slice(5)}`];
  // Of a private network that few use; four addresses each.
  const net = `10.203.${randomInt(256)}`;
  const first = 4 * randomInt(64);
  const [gateway, own] = [`${net}.${first + 1}`, `${net}.${first + 2}`];
  const ip = (...args: string[]): void => void execFileSync('ip', args, { stdio: 'pipe' });
  const inside = (...args: string[]): void => ip('-n', name, ...args);
  const close = (): void => {
    spawnSync('ip', ['link', 'del', outer]);
    spawnSync('ip', ['netns', 'del', name]);
  };
  try {
    ip('netns', 'add', name);
    ip('link', 'add', outer, 'type', 'veth', 'peer', 'name', inner, 'netns', name);
    ip('addr', 'add', `${gateway}/30`, 'dev', outer);
    ip('link', 'set', outer, 'up');
    inside('addr', 'add', `${own}/30`, 'dev', inner);
    inside('link', 'set', inner, 'up');
    inside('link', 'set', 'lo', 'up');
    // So that it reaches every address of this machine.
    inside('route', 'add', 'default', 'via', gateway);
  } catch (error) {
    close();
    throw error;
  }
  return { gateway, through: ['ip', 'netns', 'exec', name], close };
}
