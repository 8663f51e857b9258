import { writeFile } from 'node:fs/promises';
import { tellWithSeconds } from '../tell-with-seconds.ts';
import { type BenchOptions, help, readOptions } from './options.ts';

// A signal ends this process at once, and what it started with it: the programs of a cluster see to that.

function optionsOrExit(): BenchOptions {
  try {
    const options = readOptions(process.argv.slice(2));
    if (options !== null) return options;
    console.log(help);
    process.exit(0);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${help}`);
    process.exit(2);
  }
}

/** Looks for the programs of a control plane; without them nothing can be measured, and it is said why. */
async function controlPlaneOrExit(): Promise<void> {
  let missing: string | false;
  try {
    missing = (await import('@verdict/operator/testing')).controllersMissing;
  } catch (error) {
    missing = error instanceof Error ? error.message : String(error);
  }
  if (missing === false) return;
  console.error(`There is no control plane to measure on: ${missing}`);
  process.exit(2);
}

const options = optionsOrExit();
// Not before the options are read: who asks for help needs no programs, and need not hear that there are none.
await controlPlaneOrExit();
const { measureOperator } = await import('./measure-operator.ts');
const { operatorTable } = await import('./operator-table.ts');
try {
  const figures = await measureOperator(options, tellWithSeconds());
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(figures, null, 1)}\n`);
  console.log(operatorTable(figures));
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
