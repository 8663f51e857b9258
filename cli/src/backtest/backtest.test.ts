import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backtest, type ScoredReading } from './backtest.ts';
import { type BacktestSettings, defaultBacktest } from './backtest-settings.ts';
import { scoredLine } from './scored-file.ts';
import type { SeriesRow } from './series-row.ts';
import { wavyLines } from './wavy-file.fixture.ts';

const rows: SeriesRow[] = wavyLines(1300).map((line) => {
  const [timeText = '', ...cells] = line.split(',');
  const values = Float32Array.from(cells, (cell) => (cell === '' ? Number.NaN : Number(cell)));
  return { timeText, timeMs: Date.parse(timeText), values };
});

async function run(
  given: readonly SeriesRow[],
  settings: Partial<BacktestSettings> = {},
  addAtOnce = given.length,
): Promise<{ lines: string[]; expected: number[]; readings: ScoredReading[]; trainings: number }> {
  const backtest = new Backtest({
    series: 'wavy',
    signals: ['load', 'errors'],
    settings: { ...defaultBacktest, ...settings },
    signal: new AbortController().signal,
  });
  try {
    const readings: ScoredReading[] = [];
    const expected: number[] = [];
    for (let at = 0; at < given.length; at += addAtOnce) {
      const part = await backtest.add(given.slice(at, at + addAtOnce));
      readings.push(...part.readings);
      for (const { scored } of part.results) for (const block of scored) expected.push(...block.expected);
    }
    return { lines: readings.map(scoredLine), expected, readings, trainings: backtest.trainings };
  } finally {
    await backtest.close();
  }
}

for (const signals of ['each', 'together'] as const) {
  test(`what a reading gets depends on the readings up to it alone, across trainings (signals ${signals})`, async () => {
    const whole = await run(rows, { signals });
    assert.equal(whole.trainings, 2);
    assert.ok(whole.readings.some(({ anomalyId }) => anomalyId !== null));
    const cuts = [
      1, 2, 31, 32, 33, 100, 377, 399, 400, 511, 512, 513, 520, 700, 799, 1023, 1027, 1028, 1150, 1299,
    ];
    for (const cut of cuts) {
      const { lines } = await run(rows.slice(0, cut), { signals });
      assert.deepEqual(lines, whole.lines.slice(0, cut), `cut after ${cut} readings`);
    }
  });

  test(`readings one by one and in batches of any size give equal output (signals ${signals})`, async () => {
    const whole = await run(rows, { signals });
    assert.deepEqual((await run(rows, { signals, batchReadings: 1 }, 1)).lines, whole.lines);
    assert.deepEqual((await run(rows, { signals, batchReadings: 17 }, 100)).lines, whole.lines);
  });
}

test('the seed decides the nets, and the built-in model needs none', async () => {
  const [one, other, again] = [await run(rows), await run(rows, { seed: 2 }), await run(rows)];
  assert.deepEqual(again.lines, one.lines);
  assert.deepEqual(again.expected, one.expected);
  assert.notDeepEqual(other.expected, one.expected);
  assert.deepEqual(other.lines.slice(0, 512), one.lines.slice(0, 512));
  const builtIn = await run(rows, { model: 'built-in' });
  assert.equal(builtIn.trainings, 0);
  assert.deepEqual(builtIn.lines.slice(0, 512), one.lines.slice(0, 512));
});

test('a reading whose time came before is shown with score 0, and says why', async () => {
  const { readings } = await run(rows);
  const refused = readings.flatMap(({ refused: why }, row) => (why === null ? [] : [[row, why]]));
  assert.deepEqual(refused, [
    [399, 'duplicate'],
    [799, 'duplicate'],
    [1199, 'duplicate'],
  ]);
  assert.match(scoredLine(readings[399] as ScoredReading), /,0,0,$/);
});

/** The same readings with a counter in place of their errors, begun anew at some rows and with one burst. */
function countedRows(resets: readonly number[], burst: number): SeriesRow[] {
  let count = 5000;
  return rows.map(({ timeText, timeMs }, row) => {
    const noise = Math.abs(Math.sin(row * 12.9898) * 43758.5453) % 1;
    const grows = 30 + 5 * Math.sin((2 * Math.PI * row) / 96) + 4 * noise;
    if (resets.includes(row)) count = -0.9 * grows;
    count += grows + (row === burst ? 400 : 0);
    const load = 100 + 20 * Math.sin((2 * Math.PI * row) / 96) + 2 * noise;
    return { timeText, timeMs, values: Float32Array.of(load, count) };
  });
}

for (const signals of ['each', 'together'] as const) {
  test(`a counter is judged by how fast it grows, with nets that have learnt just that (signals ${signals})`, async () => {
    const resets = [300, 640, 1100];
    const burst = 1203;
    const given = countedRows(resets, burst);
    const { lines, readings, trainings } = await run(given, { signals });
    assert.equal(trainings, 2);
    const alarms = readings.flatMap(({ anomalyId }, row) => (anomalyId === null ? [] : [row]));
    assert.equal(alarms[0], burst, `alarms at ${alarms.join(', ')}`);
    for (const reset of resets) assert.match(lines[reset] ?? '', /,0,$/);
    const cut = await run(given.slice(0, 1101), { signals });
    assert.deepEqual(cut.lines, lines.slice(0, 1101));
  });
}
