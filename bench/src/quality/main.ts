import { writeFile } from 'node:fs/promises';
import { abortOnSignal } from '@verdict/process/end-signals';
import { type AblationRow, ablate } from '../ablation/ablate.ts';
import { ablationTable } from '../ablation/ablation-table.ts';
import { configurationHash } from '../configuration-hash.ts';
import { help, type QualityOptions, readOptions } from './options.ts';
import { measureQuality } from './quality-report.ts';
import { qualityTable } from './quality-table.ts';

const signal = abortOnSignal();

try {
  const options = readOptions(process.argv.slice(2));
  if (options === null) console.log(help);
  else {
    const world = { signal, tell: (sentence: string) => console.error(sentence) };
    const { report, table } = options.ablation
      ? await ablation(options, world)
      : await quality(options, world);
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 1)}\n`);
    console.log(table);
  }
} catch (error) {
  if (!signal.aborted) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

async function quality(options: QualityOptions, world: Parameters<typeof measureQuality>[1]) {
  const report = await measureQuality(options, world);
  return { report, table: qualityTable(report) };
}

async function ablation(options: QualityOptions, world: Parameters<typeof ablate>[1]) {
  const configuration = configurationHash();
  const rows: AblationRow[] = [];
  try {
    for await (const row of ablate(options, world)) rows.push(row);
  } catch (error) {
    // It takes long: what was measured until then is worth something.
    if (rows.length === 0) throw error;
    world.tell(`The table is not complete: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode ??= 1;
  }
  return { report: { configuration, rows }, table: ablationTable(configuration, rows) };
}
