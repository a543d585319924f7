import { appendFileSync } from 'node:fs';
import { afterEach } from 'vitest';

/** Vitest runs this before each file. A test that passed only when it was tried again is named at the end of `npm test`, with what failed first. */
afterEach(({ task }) => {
  const { result } = task;
  if (!result?.retryCount || result.state === 'fail') return;
  const what = `${task.file.name}: ${task.name}: ${result.errors?.[0]?.message?.split('\n')[0] ?? 'no message'}`;
  const file = process.env['HIVE_TEST_SECOND_TRIES'];
  if (file === undefined) process.stderr.write(`passed at the second try: ${what}\n`);
  else appendFileSync(file, `${what}\n`);
});
