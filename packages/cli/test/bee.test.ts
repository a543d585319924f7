import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith, natsServer } from '../../../test/services.js';
import { startAnswering, type Answering } from '../../engine/test/load/answering.js';
import { constant, follow, order } from '../../engine/test/load/order.js';
import {
  beeSubject,
  invite,
  publicKeyOf,
  readJoin,
  startHub,
  startTestFleet,
  userJwt,
  type Hub,
  type TestFleet,
} from '../../fleet/test/bees.js';
import { hive, hiveHosted, startHive, type HiveProcess } from './hive-process.js';

describeWith(natsServer, 'hive bee in a container', (program) => {
  let folder: string;
  let fleet: TestFleet;
  let hub: Hub;
  let expiring: HiveProcess;
  let target: Answering;
  const running = new Set<HiveProcess>();
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hive-bee-'));
    target = await startAnswering();
    fleet = await startTestFleet(program);
    hub = await startHub(fleet);
    expiring = await startExpiring();
  });
  afterAll(async () => {
    for (const { child, ended } of running) {
      child.kill('SIGKILL');
      await ended;
    }
    await hub.close();
    await fleet.close();
    await target.close();
    rmSync(folder, { recursive: true });
  });

  function bee(name: string, word: string): HiveProcess {
    const started = startHive(['bee', '--data', join(folder, name), '--join-file', join(folder, word)]);
    running.add(started);
    void started.ended.then(() => running.delete(started));
    return started;
  }
  /** One whose credential lasts a few seconds, of an id that the hub does not know. */
  async function startExpiring(): Promise<HiveProcess> {
    const { seed } = readJoin((await invite(fleet, { name: 'gone', region: null })).join);
    const id = 'a1b2c3';
    const user = { publicKey: publicKeyOf(seed), name: 'gone', subjects: [beeSubject(id, '>')], seconds: 8 };
    const jwt = userJwt(fleet.keys.accountSeed, user);
    const { hubPublicKey: hub } = fleet.keys;
    mkdirSync(join(folder, 'gone'));
    const kept = { url: fleet.url, id, name: 'gone', region: null, hub, seed, jwt };
    writeFileSync(join(folder, 'gone/load-generator.json'), JSON.stringify(kept));
    return bee('gone', 'never');
  }
  const end = async ({ child, ended }: HiveProcess): Promise<number | null> => {
    child.kill('SIGTERM');
    return (await ended).code;
  };

  it('waits for its join string, and is a member after a restart without a new one', async () => {
    const first = bee('eu-0', 'word');
    await first.prints('stderr', /waits for a join string in .*word: get one with hive fleet invite NAME/);
    const { join: word } = await invite(fleet, { name: 'bee-eu-0', region: 'eu' });
    // As kubelet and `echo` write it.
    writeFileSync(join(folder, 'word'), `${word}\n`);
    await first.prints('stdout', /Load generator bee-eu-0 in eu is ready/);
    expect(await end(first)).toBe(0);

    const withUsed = bee('eu-0', 'word');
    await withUsed.prints('stdout', /bee-eu-0 in eu is ready/);
    expect(await end(withUsed)).toBe(0);
    rmSync(join(folder, 'word'));
    const without = bee('eu-0', 'word');
    await without.prints('stdout', /bee-eu-0 in eu is ready/);
    await hub.look();

    // Asked to end in the middle of a run, it finishes it: nothing that it sent is lost.
    const what = order(target.url, { arrivals: constant(100), durationMs: 1_500, tickMs: 250 });
    let code: Promise<number | null> | undefined;
    const { collector } = await follow(hub.load({ eu: 1 }), what, {
      seen: (ticks) => {
        if (ticks.length === 2) code = end(without);
      },
    });
    const { counts } = collector.whole();
    expect(counts).toMatchObject({ planned: 150, sent: 150 - counts.droppedGenerator - counts.droppedTarget });
    expect(counts.sent).toBe(target.seen.length);
    expect(collector.validity().reasons.join()).not.toContain('lost');
    expect(await code).toBe(0);
  });

  it('is led by `hive run --fleet`; refuses a used join string where nothing is kept, and what is no join string', async () => {
    const { join: word } = await invite(fleet, { name: 'bee-us-0', region: 'us' });
    writeFileSync(join(folder, 'used'), word);
    const first = bee('us-0', 'used');
    await first.prints('stdout', /is ready/);
    const keys = { NATS_URL: fleet.url, HIVE_FLEET_KEYS: fleet.directory };
    await invite(fleet, { name: 'zoe', region: null });
    const { stdout: listed } = await hiveHosted(['fleet'], keys);
    expect(listed).toMatch(/^name +region +state +version +threads +round trip$/m);
    expect(listed).toMatch(/^zoe +- +invited until \d\d:\d\d UTC +- +- +-$/m);
    expect(listed).toMatch(/^bee-us-0 +us +idle +\d+\.\d+\.\d+ +\d+ +[\d.]+ ms$/m);
    const { stdout: json } = await hiveHosted(['fleet', 'list', '--json'], keys);
    expect(JSON.parse(json).loadGenerators).toContainEqual(
      expect.objectContaining({ name: 'bee-us-0', state: 'idle', joined: true }),
    );
    const ran = await hive(
      ['run', '--json', '--fleet', 'us', '-r', '50/s', '--arrivals', 'constant', '-d', '500ms', target.url],
      keys,
    );
    expect(JSON.parse(ran.stdout)).toMatchObject({ planned: 25, answered: 25 });
    // As are runs that are compared: the seed is one with a short first pause.
    const asked = ['compare', '--confirm', '--fleet', 'us', '-r', '50/s', '--seed', '571'];
    const compared = startHive([...asked, target.url, target.url, '--data', join(folder, 'none')], keys);
    await first.prints('stderr', /run \S+ begins[^]*run \S+ begins/);
    compared.child.kill('SIGINT');
    expect((await compared.ended).code).toBe(105);
    await first.prints('stderr', /(?:run \S+ ended[^]*){2}/);
    expect(await end(first)).toBe(0);
    writeFileSync(join(folder, 'odd'), 'hive-joi');
    for (const [file, told] of [
      ['used', 'was taken up already'],
      ['odd', 'not a join string'],
      ['.', 'cannot be read (EISDIR)'],
    ] as const) {
      const args = ['bee', '--data', join(folder, 'elsewhere'), '--join-file', join(folder, file)];
      const { code, stderr } = await hiveHosted(args);
      expect([code, stderr.replaceAll(/\s+/g, ' ')]).toEqual([104, expect.stringContaining(told)]);
    }
  });

  it('ends at once while it waits', async () => {
    const waiting = bee('waits', 'never');
    await waiting.prints('stderr', /waits for a join string/);
    expect(await end(waiting)).toBe(105);
  });

  it('ends with what to do when its credential has ended, and nobody renewed it', async () => {
    const { code, stderr } = await expiring.ended;
    expect([code, stderr.replaceAll(/\s+/g, ' ')]).toEqual([104, expect.stringContaining('hive fleet revoke gone')]);
  });
});
