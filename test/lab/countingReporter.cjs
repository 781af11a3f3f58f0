// Mocha's spec reporter, which also leaves the counts and the failures in the file named by TEST_COUNTS for runTests.mts
// to add up and to repeat at its end: of a long output often only the end is kept.
// One reporter for plain Node and the extension host; plain CommonJS because mocha loads it by path.
const { writeFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const failures = [];
    runner.on(Runner.constants.EVENT_TEST_FAIL, (test, error) => {
      failures.push(`${test.fullTitle()}\n${error.stack ?? error.message ?? error}`);
    });
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const file = process.env.TEST_COUNTS;
      const { passes: passed, failures: failed, pending: skipped } = runner.stats;
      if (file) writeFileSync(file, JSON.stringify({ passed, failed, skipped, failures }));
    });
  }
};
