// Refuses phrases that read like a translation, each with what to write instead. With a folder as argument it checks that folder (for the test
// of the rule).
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from '../bootstrap.mjs';
import { repositoryFiles } from './repository-files.mjs';

const PHRASES = [
  [/\bforet(?:old|ells?)\b/i, 'predicted'],
  [/\btold of\b/i, 'reported'],
  [/\b(?:is|are|was|were) known of\b/i, 'is known about'],
  [/\bmend(?:s|ed|ing)?\b/i, 'fix'],
  [/\b(?:began|begins?|begun) to hurt\b/i, 'objectives first broke'],
  [/\btells most for its cost\b/i, 'gives the most information for its cost'],
  [/\bso this says nothing\b/i, 'not judged: the load generator could not keep up'],
  [/\brest band\b/i, 'idle range'],
  [/\brate that (?:is|was) called safe\b/i, 'the safe rate'],
  [/\bwanders\b/i, 'drifts'],
  [/\bfor so long\b/i, 'for this long'],
  [/\bso many\b/i, 'this many'],
  [/\bno one of which\b/i, 'none of which'],
  [/\bput one plain load on\b/i, 'run a load test against'],
  [/\bmake the network bad\b/i, 'injects network faults'],
  [/\brps\b/i, 'requests/s'],
];
/** What people read: sources and tests, scripts, pages. */
const READ = /^(?:packages\/[^/]+\/(?:src|test)\/|test\/|scripts\/|docs\/|(?:README|CHANGELOG|CONTRIBUTING)\.md$)/;
const TEXT = /\.(?:tsx?|m?js|md|json|yaml)$/;
/** The check names the phrases itself. */
const SELF = 'scripts/checks/words.mjs';

const folder = process.argv[2] ?? ROOT;
const paths = repositoryFiles(folder).map((path) => relative(folder, join(ROOT, path)));

let found = 0;
for (const path of paths.filter((one) => READ.test(one) && TEXT.test(one) && one !== SELF)) {
  for (const [index, line] of readFileSync(join(folder, path), 'utf8').split('\n').entries()) {
    for (const [phrase, instead] of PHRASES) {
      const written = phrase.exec(line)?.[0];
      if (written === undefined) continue;
      found += 1;
      process.stdout.write(`${path}:${index + 1}: "${written}": write ${instead}\n`);
    }
  }
}
process.exitCode = found > 0 ? 1 : 0;
