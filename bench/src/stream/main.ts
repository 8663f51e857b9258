import { mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { configurationHash } from '../configuration-hash.ts';
import { markdownTable, shown } from '../markdown-table.ts';
import { measureStream, type StreamReport } from './measure-stream.ts';
import { help, readOptions, type StreamOptions } from './options.ts';
import { profileShares } from './profile-shares.ts';
import { learnVersion } from './publish-version.ts';
import { streamTables } from './stream-table.ts';

const stop = new AbortController();
for (const [name, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.on(name, () => {
    if (stop.signal.aborted) process.exit(code);
    console.error('Stopping what was started …');
    process.exitCode = code;
    stop.abort(new Error(name));
  });

/** Parts of a process that have less of its time are not printed. */
const smallestShare = 0.02;

try {
  const options = readOptions(process.argv.slice(2));
  if (options === null) console.log(help);
  else await measure(options);
} catch (error) {
  if (!stop.signal.aborted) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

async function measure(options: StreamOptions): Promise<void> {
  if (options.profile !== null) await mkdir(options.profile, { recursive: true });
  const startedMs = performance.now();
  const tell = (sentence: string) =>
    console.error(`${shown((performance.now() - startedMs) / 1000, 0).padStart(5)} s  ${sentence}`);
  const report: StreamReport = { configuration: configurationHash() };
  if (options.model === 'trained') tell('learning a version …');
  const learnt = options.model === 'trained' ? await learnVersion() : null;
  try {
    await measureStream(options, { learnt, signal: stop.signal, tell }, report);
  } finally {
    // Stopped or broken, what was measured until then is worth something.
    const machine = `${os.availableParallelism()} × ${os.cpus()[0]?.model ?? 'unknown CPU'}`;
    console.log(
      `Configuration of the engine: \`${report.configuration}\` (${options.model}); ${machine}; µs are CPU time per reading.\n`,
    );
    console.log(streamTables(report));
    if (options.json !== null)
      await writeFile(options.json, `${JSON.stringify({ machine, options, ...report }, null, 1)}\n`);
  }
  if (options.profile !== null) console.log(`\n${await profileTable(options.profile)}`);
}

async function profileTable(folder: string): Promise<string> {
  const rows = (await profileShares(folder)).flatMap(({ process: name, parts }) =>
    parts
      .filter(({ share }) => share >= smallestShare)
      .map(({ part, share }) => [name, part, `${shown(100 * share, 0)} %`]),
  );
  return markdownTable(['process', 'code of', 'share of its time'], rows);
}
