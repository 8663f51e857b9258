import { writeFile } from 'node:fs/promises';
import { help, readOptions } from './options.ts';
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
    const tell = (sentence: string) => console.error(sentence);
    const report = await measureQuality(options, { signal: stop.signal, tell });
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 1)}\n`);
    console.log(qualityTable(report));
  }
} catch (error) {
  if (!stop.signal.aborted) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
