// Holds the subjects of the commits that the main line does not have yet: at most 72 characters, one line.
import { spawnSync } from 'node:child_process';
import { ROOT } from '../bootstrap.mjs';

const MOST_CHARACTERS = 72;

const git = (...args) => spawnSync('git', args, { cwd: process.argv[2] ?? ROOT, encoding: 'utf8' });
// A clone of the main line alone, or no clone at all, has nothing new to hold.
const isKnown = git('rev-parse', '--verify', '--quiet', 'origin/main').status === 0;
const { stdout } = isKnown ? git('log', '--format=%h %s', 'origin/main..HEAD') : { stdout: '' };
const commits = stdout.split('\n').filter((line) => line !== '');
const long = commits.filter((line) => line.slice(line.indexOf(' ') + 1).length > MOST_CHARACTERS);

for (const line of long)
  process.stdout.write(`${line}\n  is longer than ${MOST_CHARACTERS} characters: say it shorter\n`);
process.exitCode = long.length > 0 ? 1 : 0;
