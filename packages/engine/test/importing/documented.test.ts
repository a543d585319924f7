import { readFileSync } from 'node:fs';
import { KINDS, targetInputSchema, toTarget } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { readTargetFile, type TargetFile } from '../../src/importing/target-file/target-file.js';
import { kindDefinition } from '../../src/kinds/registry.js';

// What docs/targets.md shows is what the reader takes.

const PAGE = readFileSync(new URL('../../../../docs/targets.md', import.meta.url), 'utf8');
const EXAMPLES = [...PAGE.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, text]) => text as string);
const asGiven = (value: unknown): unknown => value;

function read(text: string): TargetFile {
  return readTargetFile(text, {
    environment: { TOKEN: 's3cret' },
    fileName: 'docs/targets.md',
    blocks: { train: { kinds: asGiven, budget: asGiven }, run: { rate: asGiven, duration: asGiven } },
  });
}

describe('docs/targets.md', () => {
  it.each(EXAMPLES)('shows a file that can be read: %#', (text) => {
    expect(toTarget(read(text).target, 'documented').nodes.length).toBeGreaterThan(0);
  });

  it('shows a whole file that is fit for all eight kinds, and keeps its secret out of what is stored', () => {
    const { target } = read(EXAMPLES[0] as string);
    const whole = toTarget(target, 'documented');
    expect(KINDS.map((kind) => kindDefinition(kind).notApplicable(whole))).toEqual(KINDS.map(() => null));
    expect(JSON.stringify(target)).not.toContain('s3cret');
    expect(whole.requests.map(({ headers }) => headers['authorization'])).toEqual(
      whole.requests.map(() => 'Bearer ${TOKEN}'),
    );
  });

  it('names every field that a file may have', () => {
    const unnamed = fieldsOf(targetInputSchema.toJSONSchema({ io: 'input', unrepresentable: 'any' }) as Shape).filter(
      (field) =>
        !new RegExp(`\`${field}(: [^\`]*)?\``).test(PAGE) &&
        !new RegExp(`[\\s{,]${field}:`).test(EXAMPLES[0] as string),
    );
    expect(unnamed).toEqual([]);
  });
});

interface Shape {
  properties?: Record<string, Shape>;
  items?: Shape;
}

function fieldsOf({ properties = {}, items }: Shape): string[] {
  const own = Object.entries(properties).flatMap(([name, shape]) => [name, ...fieldsOf(shape)]);
  return items === undefined ? own : [...own, ...fieldsOf(items)];
}
