// Documentation cannot rot: what it links, cites and tells to type must exist.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { ROOT } from '../bootstrap.mjs';
import { repositoryFiles } from './repository-files.mjs';

const files = repositoryFiles();
const pages = files.filter((path) => path.endsWith('.md') && !path.startsWith('packages/'));
const npmScripts = new Set(Object.keys(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts));
const commandsFolder = 'packages/cli/src/commands/';
const hiveCommands = new Set(
  files.filter((path) => path.startsWith(commandsFolder)).map((path) => path.slice(commandsFolder.length, -3)),
);
const TOP_FOLDERS = /^(packages|docs|scripts|test|deploy|examples|\.ci)\//;
const isPattern = (path) => /[<>*{}…$]/.test(path);

const problems = [
  ...pages.flatMap((page) => problemsOf(page, readFileSync(join(ROOT, page), 'utf8'))),
  ...undocumentedSettings('docs/operations.md'),
];
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.stdout.write(`${pages.length} pages, ${problems.length} problems\n`);
process.exitCode = problems.length > 0 || pages.length === 0 ? 1 : 0;

function problemsOf(page, text) {
  return [...badLinks(page, text), ...badPaths(page, text), ...badCommands(page, text)];
}

function badLinks(page, text) {
  return [...text.matchAll(/(?:\]\(|(?:src|srcset|href)=")([^)"\s]+)/g)]
    .map(([, link]) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .flatMap((link) => {
      const [path, anchor] = link.split('#');
      const target = path === '' ? page : normalize(join(dirname(page), path));
      if (!existsSync(join(ROOT, target))) return [`${page}: link to ${link}, which does not exist`];
      if (anchor === undefined || !target.endsWith('.md')) return [];
      return anchors(target).has(anchor) ? [] : [`${page}: link to ${link}, which has no such heading`];
    });
}

/** The anchors of a page as GitHub makes them from headings. */
function anchors(page) {
  const headings = readFileSync(join(ROOT, page), 'utf8').matchAll(/^#+\s+(.+)$/gm);
  return new Set(
    [...headings].map(([, heading]) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(/\s/g, '-'),
    ),
  );
}

/** Paths in `code` that begin with a folder of the repository. */
function badPaths(page, text) {
  return [...text.matchAll(/`([^`\n]+)`/g)]
    .map(([, code]) => code.split(' ').at(-1))
    .filter((path) => TOP_FOLDERS.test(path) && !isPattern(path))
    .filter((path) => !existsSync(join(ROOT, path)))
    .map((path) => `${page}: names ${path}, which does not exist`);
}

/** `npm run x`, `npx hive x` and `hive x`, in code. */
function badCommands(page, text) {
  const code = [...text.matchAll(/```[a-z]*\n([\s\S]*?)```|`([^`\n]+)`/g)].map(([, block, inline]) => block ?? inline);
  return code.flatMap((snippet) => [
    ...[...snippet.matchAll(/\bnpm run ([a-z][\w:-]*)/g)]
      .filter(([, name]) => !npmScripts.has(name))
      .map(([command]) => `${page}: \`${command}\` is no script of package.json`),
    ...[...snippet.matchAll(/(?:^|\n|[`$;&|]\s*|npx )hive ([a-z][a-z-]*)/g)]
      .filter(([, name]) => !hiveCommands.has(name))
      .map(([, name]) => `${page}: \`hive ${name}\` is no command of hive`),
  ]);
}

/** Every variable that a config.ts reads is described. */
function undocumentedSettings(page) {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return files
    .filter((path) => /^packages\/[^/]+\/src\/(.+\/)?config\.ts$/.test(path))
    .flatMap((path) => [...readFileSync(join(ROOT, path), 'utf8').matchAll(/'(HIVE_\w+|[A-Z]+_URL)'/g)])
    .map(([, variable]) => variable)
    .filter((variable, index, all) => all.indexOf(variable) === index && !text.includes(`\`${variable}\``))
    .map((variable) => `${page}: does not describe ${variable}, which is read from the environment`);
}
