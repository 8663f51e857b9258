import { writeFile } from 'node:fs/promises';
import { createPlatformClient } from '@verdict/platform-client';
import { abortOnSignal } from '@verdict/process/end-signals';
import { cpuMs } from '../cpu-time.ts';
import { BenchPlatform } from '../stream/bench-platform.ts';
import { modelName, namespace } from '../stream/publish-version.ts';
import { copySeries, fillHistory, seriesKey } from './fill-history.ts';
import { type HistoryFigures, historyTable } from './history-table.ts';
import { compactAll, historyBytes, measureCharts, measureTraining } from './measure-history.ts';
import { type HistoryOptions, help, readOptions } from './options.ts';
import { dayMs, makeScored, readScored } from './scored-series.ts';

const signal = abortOnSignal();

const tell = (sentence: string) => console.error(sentence);
const pool = `${namespace}/${modelName}`;
const madeSources = 40;
const points = 1500;

try {
  const options = readOptions(process.argv.slice(2));
  if (options === null) console.log(help);
  else {
    const figures = await measure(options);
    if (options.json !== null) await writeFile(options.json, `${JSON.stringify(figures, null, 1)}\n`);
    console.log(historyTable(figures));
  }
} catch (error) {
  if (!signal.aborted) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

async function measure(options: HistoryOptions): Promise<HistoryFigures> {
  const { series, written, days } = options;
  tell('Scoring the series…');
  const sources =
    options.data === null
      ? await makeScored(Math.min(madeSources, written), days)
      : await readScored(options.data, { signal, onSeries: (name) => tell(`  ${name}`) });
  const endMs = Math.floor(Date.now() / dayMs) * dayMs;
  const startMs = endMs - days * dayMs;
  const platform = await BenchPlatform.start({
    partitions: 1,
    learnt: null,
    profileFolder: null,
    detectors: 0,
  });
  try {
    const { stores, database } = platform;
    const step = async <Result>(sentence: string, work: () => Promise<Result>): Promise<Result> => {
      signal.throwIfAborted();
      tell(sentence);
      return work();
    };
    const filled = await step(`Writing ${written} series of ${days} days…`, () =>
      fillHistory({ stores, pool }, sources, { series: written, startMs, days }),
    );
    const cpu = () => {
      const { gateway, database: server } = platform.usage();
      return cpuMs() + (gateway?.cpuMs ?? 0) + (server?.cpuMs ?? 0);
    };
    const bytesBefore = await historyBytes(database);
    const compaction = await step('Compacting…', () => compactAll(stores, endMs, cpu));
    await step(`Copying them to ${series} series…`, () =>
      copySeries(database, { pool, written, count: series }),
    );
    await database.query('ANALYZE');
    const bytesAfter = await historyBytes(database);
    const readings = (await stores.history.counts()).get(pool)?.readings ?? 0;
    // One log-in for all charts: checking a password takes longer than a chart.
    const token = await platform.token();
    const client = createPlatformClient({
      url: platform.url,
      credentials: { token: async () => token },
    });
    const range = { from: new Date(endMs - 30 * dayMs).toISOString(), to: new Date(endMs - 1).toISOString() };
    const keys = Array.from({ length: series }, (_, index) => seriesKey(index));
    const chart = await step('Asking for charts…', () =>
      measureCharts((key) => client.history(key, { ...range, points }), keys, { count: options.charts, cpu }),
    );
    const training = await step('Reading as a training does…', () =>
      measureTraining(stores, { pool, fromMs: endMs - 14 * dayMs, toMs: endMs - 1 }, cpu),
    );
    return {
      source: options.data === null ? 'made, a reading a minute' : `${sources.length} real ones, played over`,
      days,
      before: { readings: filled.readings, chunks: filled.chunks, bytes: bytesBefore },
      compaction,
      after: { series, readings, bytes: bytesAfter },
      chart,
      training,
    };
  } finally {
    await platform.stop();
  }
}
