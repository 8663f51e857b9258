import { parseArgs } from 'node:util';
import { abortOnSignal } from '@verdict/process/end-signals';
import { reportLines, violationsOf } from './fuzz-report.ts';
import { runFuzz } from './run-fuzz.ts';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', short: 'h' },
  },
});
const [requests, seed] = [Number(values.requests), Number(values.seed)];
const isUsable = [requests, seed].every((one) => Number.isInteger(one) && one >= 1 && one <= 10_000_000);
if (values.help || !isUsable) {
  console.log(`Sends bad requests to a gateway of its own and says what came of it.

Usage: npm run fuzz -- [--requests N] [--seed N]
  --requests N     how many (100000)
  --seed N         which ones: the same seed makes the same requests (1)

Every route of /openapi.json gets wrong types, hostile texts, huge numbers, deep nesting, prototype keys, repeated keys
and bodies that are broken or explode when uncompressed; the doors for readings get broken protobuf and snappy, the live
connection noise, and raw connections broken HTTP, attempts at smuggling, giant headers and bodies that never end.
Exits with 1 when anything was answered with 5xx, a refusal did not say why, something of the inside was shown, the
gateway crashed, or its memory grew.`);
  process.exit(values.help ? 0 : 2);
}
const signal = abortOnSignal(console.error);
try {
  const report = await runFuzz({ requests, seed, atOnce: 24 }, { tell: (line) => console.log(line), signal });
  for (const line of reportLines(report)) console.log(line);
  if (violationsOf(report).length > 0) process.exitCode = 1;
} catch (error) {
  if (!signal.aborted) {
    console.error(error);
    process.exitCode = 1;
  }
}
