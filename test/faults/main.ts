import { runAll, table } from './table';

/*
 * `npm run faults`: every fault against every operation that it can strike, through the real client over real sockets, as one table.
 * `--wide` prints whole sentences. Ends with 1 if anything was lost: a wrong word about what GitLab did, a write sent
 * twice, a token shown or sent elsewhere, an error without a sentence, a rejection nobody handled, a hang.
 */
const unhandled: unknown[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(reason));

void runAll().then((outcomes) => {
  console.log(table(outcomes, process.argv.includes('--wide') ? Infinity : (process.stdout.columns ?? 200)));
  console.log(`${unhandled.length} unhandled rejections`);
  process.exitCode =
    outcomes.some(({ lost, struck }) => lost !== undefined || struck === 0) || unhandled.length > 0 ? 1 : 0;
});
