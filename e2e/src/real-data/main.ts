import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Anomaly } from '@verdict/contracts';
import { createPlatformClient, type PlatformClient } from '@verdict/platform-client';
import { compareWindows } from './compare-windows.ts';
import { fileShiftMs } from './file-shift.ts';
import { readLabelledWindows } from './labelled-windows.ts';

const help = `Compares the anomalies of a running Verdict with the windows that people marked in the Numenta Anomaly
Benchmark. Replay its files first (verdict replay FILE…); with times kept or moved, the windows move along.

Usage: node e2e/src/real-data/main.ts --data DIR --password-file FILE [options]
  --data DIR            the benchmark's folder, with data/ and labels/
  --folder NAME         which of its folders was replayed (realAWSCloudwatch)
  --url URL             where Verdict runs (http://127.0.0.1:8080)
  --user NAME           who signs in (admin)
  --password-file FILE  a file that holds the password
`;

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    folder: { type: 'string', default: 'realAWSCloudwatch' },
    url: { type: 'string', default: 'http://127.0.0.1:8080' },
    user: { type: 'string', default: 'admin' },
    'password-file': { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});
const passwordFile = values['password-file'];
if (values.help || values.data === undefined || passwordFile === undefined) {
  console.log(help);
  process.exit(values.help ? 0 : 2);
}
const password = (await readFile(passwordFile, 'utf8')).trim();
const client = createPlatformClient({ url: values.url, credentials: { username: values.user, password } });

const labels = await readLabelledWindows(values.data, values.folder);
const kept = new Map((await client.coverage({ limit: 1000 })).items.map((item) => [item.series, item]));
const totals = { readings: 0, anomalies: 0, inside: 0, windows: 0, hit: 0 };
console.log('| series | readings | anomalies | of them in a window | windows hit |');
console.log('| --- | ---: | ---: | ---: | ---: |');
for (const [series, windows] of labels) {
  const view = kept.get(series);
  if (view?.lastReading == null) continue;
  const file = path.join(values.data, 'data', values.folder, `${series}.csv`);
  const shiftMs = await fileShiftMs(file, Date.parse(view.lastReading));
  const moved = windows.map(({ fromMs, toMs }) => ({ fromMs: fromMs + shiftMs, toMs: toMs + shiftMs }));
  const found = compareWindows(await allAnomalies(client, series), moved);
  const { readings } = view;
  console.log(
    `| ${series} | ${readings} | ${found.anomalies} | ${found.inside} | ${found.hit} of ${found.windows} |`,
  );
  for (const { fromMs, toMs } of found.missed)
    console.error(`missed in ${series}: ${isoTime(fromMs - shiftMs)} to ${isoTime(toMs - shiftMs)}`);
  totals.readings += readings;
  for (const key of ['anomalies', 'inside', 'windows', 'hit'] as const) totals[key] += found[key];
}
const { readings, anomalies, inside, windows, hit } = totals;
console.log(`| all | ${readings} | ${anomalies} | ${inside} | ${hit} of ${windows} |`);

async function allAnomalies(from: PlatformClient, series: string): Promise<Anomaly[]> {
  const items: Anomaly[] = [];
  // More pages than anybody could look at are no comparison any more.
  for (let page = 0, next: string | undefined; page < 100; page++) {
    const answer = await from.anomalies({ series, limit: 500, next });
    items.push(...answer.items);
    if (answer.next === null) break;
    next = answer.next;
  }
  return items;
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
