import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = dirname(import.meta.dirname);
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const text = read('compose.yaml');
interface Service {
  ports?: string[];
  build?: { target: string };
  environment?: Record<string, string>;
}
const compose = parse(text) as { services: Record<string, Service> };
const dockerfile = read('deploy/Dockerfile');

describe('the containers', () => {
  it('are the four of the architecture', () => {
    expect(Object.keys(compose.services)).toEqual(['db', 'redis', 'backend', 'dashboard']);
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

  it('do not run as root', () => {
    for (const stage of ['backend', 'dashboard']) {
      const [, from] = dockerfile.split(new RegExp(`^FROM \\S+ AS ${stage}$`, 'm'));
      expect(from?.split(/^FROM /m)[0]).toMatch(/^USER node$/m);
    }
  });
});
