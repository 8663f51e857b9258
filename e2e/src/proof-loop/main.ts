import { parseArgs } from 'node:util';
import { exitOnSignal } from '@verdict/process/end-signals';
import { violationsOf } from './gates.ts';
import { reportLines } from './report.ts';
import { runSeed } from './run-seed.ts';
import { fullSeeds, fullSize, shortSize } from './size.ts';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean' },
    seed: { type: 'string' },
    verbose: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) {
  console.log(`Proves that people's verdicts change the model, on real processes.

Usage: npm run proof:loop [-- --short] [--seed N] [--verbose]

It learns a model from generated series with known anomalies, lets three accounts judge all that is shown, changes what
is normal, and waits until the model has been retrained by itself and rolled out; then it counts false alarms and found
anomalies, beside a platform whose model is never retrained and one where a judge lies. At last it puts poisoned
candidates in by hand. Exits with 1 when anything does not hold.

  --short    one seed, fewer steps, without the liar
  --seed N   this seed alone
  --verbose  tell also what was seen of confidence, trainings and plans, and the judgement of the candidate`);
  process.exit(0);
}
const size = values.short ? shortSize : fullSize;
const seeds =
  values.seed === undefined ? (values.short ? fullSeeds.slice(0, 1) : fullSeeds) : [Number(values.seed)];
if (!seeds.every((seed) => Number.isInteger(seed) && seed >= 0)) {
  console.error('--seed takes a whole number');
  process.exit(2);
}
exitOnSignal();
const say = (line: string): void => console.log(line);
let violated = false;
for (const seed of seeds) {
  try {
    const result = await runSeed(seed, size, say);
    if (values.verbose) {
      for (const { name, timeline } of result.arms) for (const line of timeline) say(`  ${name}: ${line}`);
      for (const reason of result.reasons) say(`  candidate: ${reason}`);
    }
    say('');
    for (const line of reportLines(result)) say(line);
    say('');
    if (violationsOf(result).length > 0) violated = true;
  } catch (error) {
    violated = true;
    console.error(error);
    say(`seed ${seed} VIOLATED: it did not come to its end`);
  }
}
process.exitCode = violated ? 1 : 0;
