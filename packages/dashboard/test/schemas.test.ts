import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as contract from '@hive/contract';
import { expect, it } from 'vitest';

const withoutSchemas = createRequire(import.meta.url)('../without-schemas.cjs') as (source: string) => string;
const PACKAGE = join(import.meta.dirname, '..');

it('has no page that checks with a schema: the bundler leaves them out', () => {
  const shown = namesShown();
  expect(shown).toContain('KIND_LABELS');
  const schemas = Object.entries(contract).filter(([, value]) => typeof value === 'object' && '_zod' in value);
  expect(schemas.length).toBeGreaterThan(100);
  expect(schemas.map(([name]) => name).filter((name) => shown.has(name))).toEqual([]);
});

it('has no page that calls what checks with one', () => {
  const shown = namesShown();
  const using = usingWhatIsLeftOut();
  expect(using).toContain('describeTarget');
  expect(using.filter((name) => shown.has(name))).toEqual([]);
});

it('leaves the rest of the contract as it is', async () => {
  const folder = mkdtempSync(join(PACKAGE, '../../node_modules/.contract-'));
  try {
    cpSync(join(PACKAGE, '../contract/dist'), folder, { recursive: true });
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.js'))) {
      const path = join(folder, file);
      writeFileSync(path, withoutSchemas(readFileSync(path, 'utf8')));
    }
    const bare = (await import(pathToFileURL(join(folder, 'index.js')).href)) as Record<string, unknown>;
    const different = Object.entries(contract).flatMap(([name, value]) =>
      JSON.stringify(bare[name]) === JSON.stringify(value) && typeof bare[name] === typeof value ? [] : [name],
    );
    // What describes routes is made of schemas, too.
    expect(different.filter((name) => !/Schema$|Query$|Params$|^scenariosFilter$|ROUTES$/.test(name))).toEqual([]);
    expect(bare['KIND_LABELS']).toEqual(contract.KIND_LABELS);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** What sources of the dashboard import from the contract, but types. */
function namesShown(): Set<string> {
  const sources = readdirSync(join(PACKAGE, 'src'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.tsx?$/.test(path),
  );
  const imported = sources.flatMap((path) => {
    const text = readFileSync(join(PACKAGE, 'src', path), 'utf8');
    const names = [...text.matchAll(/import \{([^}]*)\} from '@hive\/contract'/g)].flatMap(([, list = '']) =>
      list.split(','),
    );
    return names.map((name) => name.trim()).filter((name) => name !== '' && !name.startsWith('type '));
  });
  return new Set(imported);
}

/** Names of the contract whose sources use, directly or through others, what the bundler leaves out. */
function usingWhatIsLeftOut(): string[] {
  const folder = join(PACKAGE, '../contract/dist');
  const uses = new Map<string, readonly string[]>();
  const tainted = new Set<string>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.js'))) {
    const text = readFileSync(join(folder, file), 'utf8');
    const bare = withoutSchemas(text);
    const parts = [...text.matchAll(/^(?:export )?(?:async )?(?:function|const|class) (\w+)/gm)];
    const known = new Map(parts.map(([, name = '']) => [name, `${file} ${name}`]));
    for (const [, list = '', from] of text.matchAll(/^import \{([^}]*)\} from '\.\/([\w-]+\.js)';$/gm))
      for (const name of list.split(',')) known.set(name.trim(), `${from} ${name.trim()}`);
    for (const [index, { 0: begin, 1: name = '', index: at }] of parts.entries()) {
      const body = text.slice(at + begin.length, parts[index + 1]?.index).replace(/\/\*[^]*?\*\/|\/\/.*$/gm, '');
      const words = [...body.matchAll(/(?<![\w.'-])\w+(?![\w:'])/g)];
      uses.set(
        `${file} ${name}`,
        words.flatMap(([word]) => known.get(word) ?? []),
      );
      const left = `const ${name} = undefined;`;
      if (bare.includes(left) && !text.includes(left)) tainted.add(`${file} ${name}`);
    }
  }
  for (let before = -1; before < tainted.size;) {
    before = tainted.size;
    for (const [key, others] of uses) if (others.some((other) => tainted.has(other))) tainted.add(key);
  }
  return [...tainted].map((key) => key.split(' ')[1] ?? '');
}
