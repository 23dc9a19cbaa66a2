/**
 * Runs test files in plain Node, in threads that keep what they have loaded. Jest's own runner gives each file a
 * realm of its own and loads everything anew: of these tests' time that was a third (docs/adr/0011-test-runner.md).
 * What a file changes in its thread (environment, spies), it has to put back.
 */
import LightRunner from 'jest-light-runner';

const MINUTE = 60_000;
/** The longest file takes one minute where nothing else runs. This runner knows no time limit of a single test. */
const LIMIT = 10 * MINUTE;

export default class Runner extends LightRunner {
  async runTests(tests, watcher, onStart, onResult, onFailure) {
    // For what the threads print of a failure; the library hands on whether there is colour in a way that is always taken for yes.
    process.env.FORCE_COLOR ??= process.stdout.isTTY && !process.env.NO_COLOR ? '1' : '0';
    const running = new Map();
    const began = (test) => {
      running.set(test, setTimeout(() => {
        process.stderr.write(`${test.path} has not ended in ${LIMIT / MINUTE} minutes\n`);
        process.exit(1);
      }, LIMIT));
    };
    const ended = (test) => {
      clearTimeout(running.get(test));
      running.delete(test);
    };
    await super.runTests(
      tests,
      watcher,
      (test) => (began(test), onStart(test)),
      (test, result) => (ended(test), onResult(test, result)),
      (test, error) => (ended(test), onFailure(test, error)),
    );
  }
}
