import { mkdir, writeFile } from 'node:fs/promises';
import { abortOnSignal } from '@verdict/process/end-signals';
import { configurationHash } from '../configuration-hash.ts';
import { machineName } from '../machine-name.ts';
import { markdownTable, shown } from '../markdown-table.ts';
import { tellWithSeconds } from '../tell-with-seconds.ts';
import { measureStream, type StreamReport } from './measure-stream.ts';
import { help, readOptions, type StreamOptions } from './options.ts';
import { profileShares } from './profile-shares.ts';
import { learnVersion } from './publish-version.ts';
import { streamTables } from './stream-table.ts';

const signal = abortOnSignal(console.error);

/** Parts of a process that have less of its time are not printed. */
const smallestShare = 0.02;

try {
  const options = readOptions(process.argv.slice(2));
  if (options === null) console.log(help);
  else await measure(options);
} catch (error) {
  if (!signal.aborted) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

async function measure(options: StreamOptions): Promise<void> {
  if (options.profile !== null) await mkdir(options.profile, { recursive: true });
  const tell = tellWithSeconds();
  const report: StreamReport = { configuration: configurationHash() };
  if (options.model === 'trained') tell('learning a version …');
  const learnt = options.model === 'trained' ? await learnVersion() : null;
  try {
    await measureStream(options, { learnt, signal, tell }, report);
  } finally {
    // Stopped or broken, what was measured until then is worth something.
    const machine = machineName();
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
