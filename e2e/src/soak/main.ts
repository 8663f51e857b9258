import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { abortOnSignal } from '@verdict/process/end-signals';
import { type Break, breaks } from './adapters/messages.ts';
import { NeverScored } from './harsh-run.ts';
import { help, readOptions, type SoakOptions } from './options.ts';
import { reportLines, violationsOf } from './report.ts';
import { runSoak } from './run-soak.ts';

const signal = abortOnSignal(console.error);

const startedMs = performance.now();
const say = (line: string): void => {
  console.log(`${((performance.now() - startedMs) / 1000).toFixed(0).padStart(5)} s  ${line}`);
};

const options = given();
try {
  if (options === null) console.log(help);
  else if (options.broken === 'all') await soakEachBreak(options);
  else if (!(await soak(options, options.broken))) process.exitCode = 1;
} catch (error) {
  if (!signal.aborted) {
    console.error(error);
    process.exitCode = 1;
  }
}
// All that was started is stopped; what was given up on the way, such as a step that nobody takes, is not waited for.
process.exit();

/** Ends with one sentence where the command line cannot work. */
function given(): SoakOptions | null {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

/** @returns whether everything holds */
async function soak(options: SoakOptions, broken: Break | null): Promise<boolean> {
  const report = await runSoak({ ...options, broken }, { signal, say }).catch((error: unknown) => {
    if (error instanceof NeverScored) return error;
    throw error;
  });
  if (report instanceof NeverScored) {
    console.log(`soak: seed ${options.seed}, VIOLATED: ${report.message}`);
    return false;
  }
  const violations = violationsOf(report);
  await mkdir(path.dirname(options.result), { recursive: true });
  await writeFile(
    options.result,
    `${JSON.stringify({ options, violated: violations, ...report }, null, 1)}\n`,
  );
  for (const line of reportLines(report)) console.log(line);
  return violations.length === 0;
}

/** Every built-in fault must be seen. */
async function soakEachBreak(options: SoakOptions): Promise<void> {
  const unseen: Break[] = [];
  for (const broken of breaks) {
    say(`With the fault ${broken}:`);
    if (await soak(options, broken)) unseen.push(broken);
  }
  console.log(
    unseen.length === 0 ? `all ${breaks.length} faults were seen` : `NOT SEEN: ${unseen.join(', ')}`,
  );
  if (unseen.length > 0) process.exitCode = 1;
}
