import { writeFile } from 'node:fs/promises';
import { type AblationRow, ablate } from '../ablation/ablate.ts';
import { ablationTable } from '../ablation/ablation-table.ts';
import { configurationHash } from '../configuration-hash.ts';
import { help, type QualityOptions, readOptions } from './options.ts';
import { measureQuality } from './quality-report.ts';
import { qualityTable } from './quality-table.ts';

const stop = new AbortController();
for (const [name, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.on(name, () => {
    if (stop.signal.aborted) process.exit(code);
    stop.abort();
    process.exitCode = code;
  });
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === null) console.log(help);
  else {
    const world = { signal: stop.signal, tell: (sentence: string) => console.error(sentence) };
    const { report, table } = options.ablation
      ? await ablation(options, world)
      : await quality(options, world);
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 1)}\n`);
    console.log(table);
  }
} catch (error) {
  if (!stop.signal.aborted) {
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
