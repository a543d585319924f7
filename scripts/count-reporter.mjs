import { writeFileSync } from 'node:fs';

/**
 * A vitest reporter that writes to HIVE_TEST_COUNTS how many tests passed, failed and were skipped, and which;
 * and how many seconds each file took, its imports included.
 */
export default class CountReporter {
  onTestRunEnd(files, unhandledErrors) {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: [], files: [] };
    for (const file of files) {
      let failedHere = 0;
      for (const test of file.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') counts.passed += 1;
        else if (state === 'failed') failedHere += 1;
        else counts.skipped.push(`${file.relativeModuleId} > ${test.fullName}`);
      }
      // A file that could not be loaded has no failed test, yet it failed.
      counts.failed += failedHere === 0 && file.state() === 'failed' ? 1 : failedHere;
      counts.files.push({ name: file.relativeModuleId, seconds: secondsOf(file.diagnostic()) });
    }
    writeFileSync(process.env.HIVE_TEST_COUNTS, JSON.stringify(counts));
  }
}

function secondsOf({ environmentSetupDuration, prepareDuration, collectDuration, setupDuration, duration }) {
  return (environmentSetupDuration + prepareDuration + collectDuration + setupDuration + duration) / 1_000;
}
