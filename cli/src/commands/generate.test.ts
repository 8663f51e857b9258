import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import type { Reading } from '@verdict/contracts';
import { createShop, injectionKinds } from '../shop/index.ts';
import { eventually, runCommand, testFolder, testGateway } from '../testing/run-command.ts';

const fixed = ['--start', '2026-01-05T00:00:00Z', '--as-fast-as-possible'];

/** Times per series, in the order of acceptance. */
function timesBySeries(readings: readonly Reading[]): Map<string, number[]> {
  const times = new Map<string, number[]>();
  for (const { series, time } of readings) times.set(series, [...(times.get(series) ?? []), time]);
  return times;
}

/** Every series has every step once, in order. */
function assertComplete(readings: readonly Reading[], series: number, intervalMs: number): void {
  const times = timesBySeries(readings);
  assert.equal(times.size, series);
  for (const [key, each] of times)
    for (const [at, time] of each.entries())
      assert.equal(time, (each[0] ?? 0) + at * intervalMs, `${key} reading ${at}`);
}

test('the shop is sent whole, in order per series, with the values that anybody can compute again', async (context) => {
  const gateway = await testGateway(context);
  const args = [
    'generate',
    ...fixed,
    '--series',
    '60',
    '--count',
    '100',
    '--seed',
    '5',
    '--json',
    '--batch',
    '700',
  ];
  const result = await runCommand([...args, '--url', gateway.url]);
  assert.equal(result.code, 0, result.stderr);
  assert.equal(JSON.parse(result.stdout).readings, 6000);
  assert.equal(gateway.readings.length, 6000);
  assertComplete(gateway.readings, 60, 1000);
  const shop = createShop({
    seed: 5,
    series: 60,
    intervalMs: 1000,
    dayMs: 240_000,
    gapSteps: 1800,
    kinds: injectionKinds,
    quietUntilStep: Date.parse('2026-01-05T00:02:00Z') / 1000,
  });
  for (const reading of gateway.readings.slice(0, 500)) {
    const again = shop.readingAt(shop.series.indexOf(reading.series), reading.time / 1000);
    assert.deepEqual(reading, again);
  }
});

test('what was injected is written down as it is sent, to the screen and to a file', async (context) => {
  const gateway = await testGateway(context);
  const file = path.join(await testFolder(context), 'injected.jsonl');
  const args = ['generate', ...fixed, '--count', '400', '--anomaly-rate', '60s', '--quiet-first', '100s'];
  const out = ['--kinds', 'spike,drop', '--print-injected', '--injected-out', file];
  const result = await runCommand([...args, ...out, '--url', gateway.url]);
  assert.equal(result.code, 0, result.stderr);
  const lines = result.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.ok(lines.length > 50);
  for (const line of lines) {
    assert.ok(['spike', 'drop'].includes(line.kind) && line.magnitude >= 7);
    assert.ok(Date.parse(line.start) >= Date.parse('2026-01-05T00:01:40Z'));
  }
  assert.equal(await readFile(file, 'utf8'), result.stdout);
});

test('a gateway that is busy or goes away for a while costs no reading', async (context) => {
  const gateway = await testGateway(context);
  gateway.failData(429, 503, 500);
  const stop = new AbortController();
  const args = [
    'generate',
    '--series',
    '30',
    '--interval',
    '20ms',
    '--anomaly-rate',
    '0s',
    '--url',
    gateway.url,
  ];
  const running = runCommand(args, { signal: stop.signal });
  await eventually(() => gateway.readings.length > 600);
  await gateway.stop();
  const before = gateway.readings.length;
  await gateway.restart();
  await eventually(() => gateway.readings.length > before + 600);
  stop.abort();
  assert.equal((await running).code, 0);
  const firsts = new Map<string, Reading>();
  for (const reading of gateway.readings) firsts.set(`${reading.series} ${reading.time}`, reading);
  // A request whose answer was cut off is sent again; the platform drops what it has already.
  assertComplete([...firsts.values()], 30, 20);
});

test('a refusal ends the run with its reason', async (context) => {
  const gateway = await testGateway(context);
  gateway.failData(403);
  const result = await runCommand(['generate', '--series', '100', '--url', gateway.url]);
  assert.equal(result.code, 1);
  assert.match(result.stderr, /not now\. Use a user whose roles allow it/);
});

test('readings can be looked at without sending them', async () => {
  const result = await runCommand(['generate', ...fixed, '--series', '2', '--count', '3', '--dry-run'], {
    variables: {},
  });
  assert.equal(result.code, 0, result.stderr);
  const readings = result.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(readings.length, 6);
  assert.equal(readings[0].series, 'shop/cart');
});

test('a run goes on where the one before stopped', async (context) => {
  const gateway = await testGateway(context);
  const lastReading = new Date(Math.floor(Date.now() / 1000) * 1000 - 60_000).toISOString();
  const known = {
    state: 'scored' as const,
    reason: '',
    model: null,
    partition: null,
    signals: [],
    readings: 1,
  };
  for (const series of ['shop/cart', 'shop/checkout'])
    gateway.series.push({
      ...known,
      series,
      firstReading: null,
      lastReading,
      score: null,
      openAnomaly: null,
    });
  const args = ['generate', '--series', '2', '--resume', '--backfill', '30m', '--count', '10'];
  const result = await runCommand([...args, '--url', gateway.url]);
  assert.equal(result.code, 0, result.stderr);
  assert.equal(gateway.readings[0]?.time, Date.parse(lastReading) + 1000);
  assert.equal((await runCommand(['generate', '--resume', '--dry-run'])).code, 2);
});

test('from the change on jobs come with the readings, and are not named among the anomalies', async () => {
  const args = ['generate', ...fixed, '--series', '2', '--count', '700', '--anomaly-rate', '0s', '--dry-run'];
  const [before, after] = await Promise.all([
    runCommand(args, { variables: {} }),
    runCommand([...args, '--change-after', '200s', '--json'], { variables: {} }),
  ]);
  const [was, is] = [before.stdout.trim().split('\n'), after.stdout.trim().split('\n')];
  assert.deepEqual(is.slice(0, 400), was.slice(0, 400));
  const odd = was.filter((line, at) => line !== is[at]).length;
  assert.ok(odd >= 2 * 2 * 4 && odd <= 2 * 6 * 12, `${odd}`);
  assert.equal(JSON.parse(is.at(-1) ?? '').injected, 0);
});

test('options that contradict each other are wrong usage', async () => {
  for (const args of [
    ['--as-fast-as-possible'],
    ['--start', '1h', '--backfill', '1h'],
    ['--kinds', 'spikes'],
    ['--interval', 'soon'],
    ['--anomaly-rate', '5s'],
    ['--start', '2999-01-01T00:00:00Z', '--count', '1', '--as-fast-as-possible'],
  ]) {
    const result = await runCommand(['generate', ...args]);
    assert.equal(result.code, 2, args.join(' '));
    assert.notEqual(result.stderr, '');
  }
});
