import { parseArgs } from 'node:util';
import { exitOnSignal } from '@verdict/process/end-signals';
import { reportLines, violationsOf } from './report.ts';
import { runProof } from './run-proof.ts';
import { fullSize, shortSize } from './scenario.ts';

const { values } = parseArgs({
  options: { short: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
});
if (values.help) {
  console.log(`Proves that nothing is lost, doubled or changed while every process is killed.

Usage: npm run proof:stream [-- --short]

It trains a model on generated series, copies the data folder, and sends the same readings to both copies; in
one of them the gateway, each detector, the retrainer, the event hubs and PostgreSQL are killed (SIGKILL) in turn
and a detector is frozen for longer than its lease. In the middle of both, anomalies are called false alarms, the pool
is rolled back to the built-in version and to the learnt one again, and the verdicts are withdrawn. Exits with 1 when
the two differ in anything.`);
  process.exit(0);
}
exitOnSignal();
const report = await runProof(values.short ? shortSize : fullSize, (line) => console.log(line));
for (const line of reportLines(report)) console.log(line);
process.exitCode = violationsOf(report).length === 0 ? 0 : 1;
