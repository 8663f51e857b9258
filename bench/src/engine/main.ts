import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { exitOnSignal } from '@verdict/process/end-signals';
import { configurationHash } from '../configuration-hash.ts';
import { processorName } from '../machine-name.ts';
import { markdownTable, shown } from '../markdown-table.ts';
import { type EngineCase, type EngineFigures, measureEngine } from './measure-engine.ts';
import { measureScale } from './measure-scale.ts';

const help = `Measures how fast the engine is and what a series takes; adaptation on, series in shuffled order.

Usage: npm run bench:engine -- [options]
  --series N     series of one signal (1000)
  --readings N   measured readings of each (100)
  --scale LIST   numbers of series with which the cost of a reading is compared (1000,10000,100000; none = left out)
  --json FILE    write all figures there as well
`;

const { values } = parseArgs({
  options: {
    series: { type: 'string', default: '1000' },
    readings: { type: 'string', default: '100' },
    scale: { type: 'string', default: '1000,10000,100000' },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});
const [series, measured] = [Number(values.series), Number(values.readings)];
const scale = values.scale === 'none' ? [] : values.scale.split(',').map(Number);
if (
  values.help ||
  !Number.isSafeInteger(series) ||
  !Number.isSafeInteger(measured) ||
  series < 1 ||
  measured < 1 ||
  !scale.every((count) => Number.isSafeInteger(count) && count >= 1)
) {
  console.log(help);
  process.exit(values.help ? 0 : 2);
}
exitOnSignal();

/** So many that what a series remembers has its full size. */
const before = 1100;
const cases: EngineCase[] = [
  { name: `${series} series of 1 signal`, series, width: 1, signals: 'each', window: 32, before, measured },
  {
    name: '50 series of 38 signals, each by itself',
    series: 50,
    width: 38,
    signals: 'each',
    window: 32,
    before,
    measured: 40,
  },
  {
    name: '50 series of 38 signals, together',
    series: 50,
    width: 38,
    signals: 'together',
    window: 32,
    before,
    measured: 40,
  },
];
const configuration = configurationHash();
const figures: EngineFigures[] = [];
for (const one of cases) {
  console.error(`${one.name} …`);
  figures.push(await measureEngine(one));
}
if (scale.length > 0) console.error(`${scale.join(', ')} series of 1 signal …`);
const perCall = [1, 4, 16];
const scaled = scale.length === 0 ? [] : await measureScale({ series: scale, perCall });
if (values.json !== undefined)
  await writeFile(values.json, `${JSON.stringify({ configuration, figures, scale: scaled }, null, 1)}\n`);
console.log(
  `Configuration of the engine: \`${configuration}\`; ${processorName()}, per second of CPU time (one core).\n`,
);
console.log(
  markdownTable(
    [
      'case',
      'readings/s',
      'without a net',
      'µs in the net',
      'µs elsewhere',
      'snapshot bytes/series',
      'memory bytes/series',
      'snapshot ms',
      'windows trained',
      'training s',
    ],
    figures.map((one) => [
      one.name,
      shown(one.readingsPerSecond, 0),
      shown(one.builtInPerSecond, 0),
      shown(one.stages.network, 1),
      shown(one.stages.rest, 1),
      shown(one.bytesPerSeries.snapshot, 0),
      shown(one.bytesPerSeries.memory, 0),
      shown(one.snapshotMs, 0),
      String(one.training.windows),
      shown(one.training.ms / 1000, 1),
    ]),
  ),
);
console.log(
  '\nScaling, calibration, rules and anomalies are "elsewhere"; readings are given in calls of one per series.',
);
if (scaled.length > 0) {
  console.log(
    '\nWhat a reading costs with so many series of 1 signal, µs of CPU time, by readings of each per call:\n',
  );
  console.log(
    markdownTable(
      ['series', ...perCall.map((readings) => `${readings} per call`), 'memory bytes/series'],
      scaled.map((one) => [
        String(one.series),
        ...one.micros.map(({ micros }) => shown(micros, 2)),
        shown(one.bytesPerSeries, 0),
      ]),
    ),
  );
}
