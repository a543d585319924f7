import { readFileSync } from 'node:fs';
import { KIND_UNITS, KINDS } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { kindDefinition } from '../../src/kinds/registry.js';

const ROOT = new URL('../../../../', import.meta.url);
const textOf = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

describe('the pages on kinds', () => {
  it('docs/adding-a-kind.md shows files as they are', () => {
    const blocks = [...textOf('docs/adding-a-kind.md').matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, text]) => text);
    expect(blocks).toEqual([
      textOf('packages/engine/src/kinds/concurrent-requests/plan.ts'),
      textOf('packages/engine/src/kinds/resource-allocation/judge.ts'),
    ]);
  });

  it('docs/adding-a-kind.md says what each field of a kind is for', () => {
    const page = textOf('docs/adding-a-kind.md');
    const fields = Object.keys(kindDefinition('concurrent_requests'));
    expect(fields.filter((field) => field !== 'kind' && !page.includes(`\`${field}\``))).toEqual([]);
  });

  it.each(KINDS)('docs/scenarios.md has a row and a section for %s, with its floor and its prior', (kind) => {
    const page = textOf('docs/scenarios.md');
    const { floor, prior } = kindDefinition(kind);
    const row = page.match(new RegExp(`^\\| \`${kind}\` +\\| [^|]+\\| [^|]+\\|`, 'm'))?.[0] ?? '';
    const numbers = [prior, floor].map((value) => (value === 1024 ** 2 ? '1 MiB' : value.toLocaleString('en-US')));
    expect(row).toMatch(new RegExp(numbers.map((text) => `\\| ${text}\\b`).join('.*')));
    expect(page).toContain(`\n### ${kind}\n`);
    expect(page).toMatch(new RegExp(`^\\| \\[\`${kind}\`\\]\\(#${kind}\\) +\\| [^|]*`, 'm'));
    expect(KIND_UNITS[kind]).not.toBe('');
  });
});
