// Turns what vitest reported about a run into counts and complaints. Pure, so that its own test can plant every case.

/**
 * @param {object} run
 * @param {{name: string, status: string, message?: string, assertionResults: {fullName: string, status: string}[]}[]} run.files
 *   vitest's `testResults`, names relative to the project
 * @param {number | null} run.status the exit code of vitest, null if a signal ended it
 * @param {{file: string, test: string, reason: string}[]} run.skips the explained skips of this project
 * @param {boolean} run.strict whether a skip must be explained, and an explanation must be of use
 * @returns {{passed: number, failed: number, skipped: number, complaints: string[]}}
 */
export function judgeRun({ files, status, skips, strict }) {
  const tests = files.flatMap((file) => file.assertionResults.map((test) => ({ file: file.name, ...test })));
  const passed = tests.filter((test) => test.status === 'passed').length;
  const failedTests = tests.filter((test) => test.status === 'failed').length;
  const skipped = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed');
  const broken = files.filter((file) => file.status === 'failed' && !file.assertionResults.some(isFailed));
  const complaints = broken.map((file) => `${file.name}: failed outside of its tests`);
  let failed = failedTests + broken.length;

  if (passed + failed === 0) complaints.push('no test ran');
  if (status !== 0 && failed === 0)
    complaints.push(`vitest ended with ${status ?? 'a signal'} although no test failed`);
  if (strict) complaints.push(...judgeSkips(skipped, skips));
  // A complaint that no failed test stands for still has to be seen in the counts.
  failed = Math.max(failed, complaints.length);
  return { passed, failed, skipped: skipped.length, complaints };
}

function judgeSkips(skipped, skips) {
  const matches = (test, skip) => test.file === skip.file && test.fullName === skip.test;
  const unexplained = skipped.filter((test) => !skips.some((skip) => matches(test, skip) && skip.reason.trim() !== ''));
  const stale = skips.filter((skip) => !skipped.some((test) => matches(test, skip)));
  return [
    ...unexplained.map((test) => `${test.file}: skipped without a reason in test/skips.json: ${test.fullName}`),
    ...stale.map((skip) => `test/skips.json: this test was not skipped: ${skip.file}: ${skip.test}`),
  ];
}

function isFailed(test) {
  return test.status === 'failed';
}
