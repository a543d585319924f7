// Lists what Hive passes on of others, with licenses. `--sbom`: as CycloneDX, made by npm. Else as text, for people.
import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { ROOT } from './bootstrap.mjs';
import { thirdParty } from './production.mjs';

const LINE = '-'.repeat(80);

/** Names, versions, licenses and their texts. @throws when a package states no license */
export function licenseTexts() {
  const packages = thirdParty();
  const unknown = packages.filter(({ license }) => license === null).map(({ name }) => name);
  if (unknown.length > 0) throw new Error(`without a license: ${unknown.join(', ')}`);
  const list = packages.map(({ name, version, license }) => `${name} ${version}: ${license}`);
  const texts = packages.map(
    ({ name, version, text, license }) => `${LINE}\n${name} ${version}\n\n${text || license}\n`,
  );
  return `Hive contains these packages of others, whole or in part.\n\n${list.join('\n')}\n\n${texts.join('\n')}`;
}

/**
 * The software bill of materials, CycloneDX 1.5 as JSON: npm's of the lock file, and what is passed on beside. npm 11 leaves out with `--omit=dev`
 * whatever something in development needs too, such as zod.
 */
export function bill() {
  const written = JSON.parse(npmBill());
  const { components } = written;
  const known = new Set(components.map(({ name, version }) => `${name}@${version}`));
  for (const { name, version, license } of thirdParty()) {
    const ref = `${name}@${version}`;
    if (known.has(ref)) continue;
    const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
    const licenses = license === null ? [] : [{ license: { name: license } }];
    components.push({ 'bom-ref': ref, type: 'library', name, version, scope: 'required', purl, licenses });
  }
  return JSON.stringify(written, null, 2);
}

function npmBill() {
  return execFileSync('npm', ['sbom', '--sbom-format=cyclonedx', '--omit=dev', '--package-lock-only'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 ** 2,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  process.stdout.write(process.argv.includes('--sbom') ? bill() : licenseTexts());
