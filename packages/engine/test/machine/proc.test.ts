import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProc } from '../../src/machine/proc.js';
import { limitFiles, parseLimit, parseProcess, parseSchedule, parseStat } from '../../src/machine/reading.js';
import { parseTcp, parseUnix } from '../../src/machine/sockets.js';
import { watchMachine } from '../../src/machine/machine-watch.js';

const STAT =
  'cpu  100 10 50 800 40 0 5 20 3 0\ncpu0 50 5 25 400 20 0 2 10 0 0\ncpu1 50 5 25 400 20 0 3 10 0 0\nintr 1\n';
const statOf = (pid: number, name: string, parent: number): string =>
  `${pid} (${name}) S ${parent} 1 1 0 -1 0 0 0 0 0 7 3 2 1 20 0 1 0 42 0 0\n`;
const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 5551 1 0 100 0 0 10 0
   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 5552 1 0 20 4 30 10 -1
`;

describe('what the kernel writes', () => {
  it('is read as CPU time of all cores', () => {
    expect(parseStat(STAT)).toEqual({ cores: 2, cpu: { totalMs: 10_250, idleMs: 8_400, stealMs: 200 } });
    expect(parseStat('')).toBeNull();
  });

  it('is read of a process whose name has parentheses', () => {
    expect(parseProcess(statOf(7, 'a) (b', 3))).toEqual({
      parent: 3,
      name: 'a) (b',
      startTicks: 42,
      cpuMs: 130,
      ownMs: 100,
    });
    expect(parseProcess('')).toBeNull();
  });

  it('is read of a thread, ns', () => {
    expect(parseSchedule('5000000 7000000 3\n')).toEqual({ cpuMs: 5, waitMs: 7 });
    expect(parseSchedule('')).toBeNull();
  });

  it.each([
    ['version 2', 'usage_usec 5\nnr_periods 20\nnr_throttled 4\nthrottled_usec 900\n'],
    ['version 1', 'nr_periods 20\nnr_throttled 4\nthrottled_time 900\n'],
  ])('is read of a limit, %s', (_, text) => expect(parseLimit(text)).toEqual({ periods: 20, throttled: 4 }));

  it('is no limit where none is counted', () => {
    expect(parseLimit('usage_usec 5\n')).toBeNull();
    expect(parseLimit('nr_periods 0\nnr_throttled 0\n')).toBeNull();
  });

  it('names the files of a limit of either version', () => {
    expect(limitFiles('0::/user.slice\n')[0]).toBe('/sys/fs/cgroup/user.slice/cpu.stat');
    expect(limitFiles('4:cpu,cpuacct:/docker/1\n')).toContain('/sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.stat');
    expect(limitFiles('4:memory:/docker/1\n')).toEqual([]);
  });

  it('names what listens', () => {
    expect(parseTcp(TCP)).toEqual([{ port: 8_080, inode: '5551' }]);
    const unix =
      'Num       RefCount Protocol Flags    Type St Inode Path\n0000: 00000002 00000000 00010000 0001 01 77 /run/app.sock\n';
    expect(parseUnix(unix, '/run/app.sock')).toEqual(['77']);
  });
});

describe('a watch', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'hive-proc-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function put(file: string, text: string): void {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), text);
  }

  it('finds the processes of the target by the socket that listens', () => {
    put('stat', STAT);
    put('net/tcp', TCP);
    put('200/stat', statOf(200, 'shop', 1));
    put('300/stat', statOf(300, 'cc', 1));
    mkdirSync(join(root, '200/fd'));
    symlinkSync('socket:[5551]', join(root, '200/fd/5'));
    symlinkSync('/dev/null', join(root, '200/fd/6'));
    const proc = createProc(root);
    expect(proc.listening({ ports: [8_080], paths: [] })).toEqual([200]);
    expect(proc.listening({ ports: [80], paths: [] })).toEqual([]);
    expect(proc.read([])?.processes.get(200)?.name).toBe('shop');
    const watch = watchMachine({ nodes: [{ url: 'http://127.0.0.1:8080', weight: 1 }], proc });
    expect(watch.isTargetHidden).toBe(false);
    expect(watchMachine({ nodes: [{ url: 'http://127.0.0.1:81', weight: 1 }], proc }).isTargetHidden).toBe(true);
    expect(watchMachine({ nodes: [{ url: 'http://192.0.2.7:81', weight: 1 }], proc }).isTargetHidden).toBe(false);
  });

  it('does not take what forwards for the target', () => {
    put('stat', STAT);
    put('net/tcp', TCP);
    put('200/stat', statOf(200, 'docker-proxy', 1));
    mkdirSync(join(root, '200/fd'));
    symlinkSync('socket:[5551]', join(root, '200/fd/5'));
    const watch = watchMachine({ nodes: [{ url: 'http://127.0.0.1:8080', weight: 1 }], proc: createProc(root) });
    expect(watch.isTargetHidden).toBe(true);
  });

  it('knows nothing where the kernel shows nothing', () => {
    const watch = watchMachine({
      nodes: [{ url: 'http://127.0.0.1:8080', weight: 1 }],
      proc: createProc(join(root, 'no')),
    });
    expect(watch.look('rest')).toBeNull();
  });
});
