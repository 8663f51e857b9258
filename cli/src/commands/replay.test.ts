import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { runCommand, testFolder, testGateway } from '../testing/run-command.ts';

async function csv(context: TestContext, name: string, content: string | Buffer): Promise<string> {
  const file = path.join(await testFolder(context), name);
  await writeFile(file, content);
  return file;
}

const good =
  'timestamp,cpu load,mem\n2015-02-26 21:42:53,7,1.5\n2015-02-26 21:47:53,4,\n2015-02-26 21:52:53,14,2\n';

test('a file is sent with times that end now, named after the file, with clean signal names', async (context) => {
  const gateway = await testGateway(context);
  const file = await csv(context, 'my machine.csv', good);
  const before = Date.now();
  const result = await runCommand(['replay', file, '--url', gateway.url, '--json']);
  assert.equal(result.code, 0, result.stderr);
  assert.equal(JSON.parse(result.stdout).sent, 3);
  const [first, second, third] = gateway.readings;
  assert.equal(first?.series, 'my_machine');
  assert.deepEqual(second?.values, { cpu_load: 4, mem: null });
  assert.ok(third && third.time >= before - 1 && third.time <= Date.now());
  assert.equal(third.time - (first?.time ?? 0), 600_000);
});

test('times are kept when asked, from a compressed file, under the name given', async (context) => {
  const gateway = await testGateway(context);
  const file = await csv(context, 'x.csv.gz', gzipSync(`\uFEFF${good}`));
  const options = ['--keep-times', '--series', 'plant/pump-7', '--signal-prefix', 'p_'];
  const result = await runCommand(['replay', file, ...options, '--url', gateway.url]);
  assert.equal(result.code, 0, result.stderr);
  assert.deepEqual(gateway.readings[0], {
    series: 'plant/pump-7',
    time: Date.parse('2015-02-26T21:42:53Z'),
    values: { p_cpu_load: 7, p_mem: 1.5 },
  });
});

test('malformed rows are named with their line and skipped, or refuse everything when strict', async (context) => {
  const gateway = await testGateway(context);
  const rows = 'time,a\n1700000000,1\nyesterday,2\n1700000002,x\n1700000003\n1700000004,5\n';
  const file = await csv(context, 'rows.csv', rows);
  const strict = await runCommand(['replay', file, '--strict', '--url', gateway.url]);
  assert.equal(strict.code, 1);
  assert.match(strict.stderr, /line 3: "yesterday" is no time\. Nothing was sent/);
  assert.equal(gateway.readings.length, 0);
  const result = await runCommand(['replay', file, '--url', gateway.url]);
  assert.equal(result.code, 0);
  assert.match(result.stderr, /line 3 .*"yesterday" is no time/);
  assert.match(result.stderr, /line 4 .*a is "x", which is no number/);
  assert.match(result.stderr, /line 5 .*1 columns instead of 2/);
  assert.deepEqual(
    gateway.readings.map((reading) => reading.values.a),
    [1, 5],
  );
});

test('files that cannot be used say why in one sentence', async (context) => {
  const cases: [string, RegExp][] = [
    ['time,a,Label\n1,2,0\n', /column "Label": answers must not be sent/],
    ['time,a b,a_b\n1,2,0\n', /two columns named "a_b"/],
    ['1700000000,5\n1700000001,6\n', /no heading/],
    ['time\n1700000000\n', /at least one signal/],
    ['time,a\nnever,1\n', /no row that can be sent/],
    ['', /is empty/],
  ];
  for (const [content, message] of cases) {
    const file = await csv(context, 'bad.csv', content);
    const result = await runCommand(['replay', file]);
    assert.equal(result.code, 1, content);
    assert.match(result.stderr, message);
  }
  const absent = await runCommand(['replay', '/nowhere/x.csv']);
  assert.match(absent.stderr, /x\.csv cannot be read: ENOENT/);
  const broken = await runCommand(['replay', await csv(context, 'broken.csv.gz', 'not gzip')]);
  assert.match(broken.stderr, /cannot be read: incorrect header check/);
});

test('several files are several series, and the same name twice is wrong usage', async (context) => {
  const gateway = await testGateway(context);
  const [one, two] = [await csv(context, 'one.csv', good), await csv(context, 'two.csv', good)];
  const result = await runCommand(['replay', one, two, '--speed', '100000', '--url', gateway.url]);
  assert.equal(result.code, 0, result.stderr);
  assert.deepEqual(new Set(gateway.readings.map((reading) => reading.series)), new Set(['one', 'two']));
  assert.equal(gateway.readings.length, 6);
  const twice = await runCommand(['replay', one, await csv(context, 'one.csv', good), '--url', gateway.url]);
  assert.equal(twice.code, 2);
  assert.equal((await runCommand(['replay', one, two, '--series', 'a'])).code, 2);
});

test('a large file keeps its order over many requests and over failures', async (context) => {
  const gateway = await testGateway(context);
  gateway.failData(503, 429);
  const rows = Array.from({ length: 25_000 }, (_, at) => `${1_700_000_000 + at},${at}`);
  const file = await csv(context, 'large.csv', `t,x\n${rows.join('\n')}\n`);
  const result = await runCommand(['replay', file, '--url', gateway.url]);
  assert.equal(result.code, 0, result.stderr);
  assert.deepEqual(
    gateway.readings.map((reading) => reading.values.x),
    rows.map((_, at) => at),
  );
});

test('only the last part of a long file is sent when asked', async (context) => {
  const gateway = await testGateway(context);
  const file = await csv(context, 'long.csv', good);
  const result = await runCommand(['replay', file, '--last', '5m', '--url', gateway.url, '--json']);
  assert.equal(result.code, 0, result.stderr);
  assert.deepEqual(
    gateway.readings.map((reading) => reading.values.cpu_load),
    [4, 14],
  );
  assert.equal(JSON.parse(result.stdout).series[0].sent, 2);
});
