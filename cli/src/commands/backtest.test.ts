import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { wavyFile, wavyLines } from '../backtest/wavy-file.fixture.ts';
import { runCommand, testFolder } from '../testing/run-command.ts';

async function file(context: TestContext, name: string, content: string | Buffer): Promise<string> {
  const made = path.join(await testFolder(context), name);
  await writeFile(made, content);
  return made;
}

/** Every element is closed in its turn, and no bare `&` or `<` is left in texts. */
function assertWellFormed(svg: string): void {
  const open: string[] = [];
  for (const [, closing, name, attributes = ''] of svg.matchAll(/<(\/?)([a-z]+)((?:\s[^<>]*)?)>/g)) {
    if (closing === '/') assert.equal(open.pop(), name);
    else if (!attributes.endsWith('/')) open.push(name ?? '');
    assert.match(attributes, /^(?:\s[\w:-]+="[^"]*")*\/?$/);
  }
  assert.deepEqual(open, []);
  assert.doesNotMatch(svg.replaceAll(/&(amp|lt|gt|quot);/g, ''), /&/);
  assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
}

test('a file is scored to the standard output, one line per reading with its time as it stands', async (context) => {
  const given = await file(context, 'wavy.csv', wavyFile(700));
  const { code, stdout, stderr } = await runCommand(['backtest', given]);
  assert.equal(code, 0, stderr);
  const [heading, ...lines] = stdout.trimEnd().split('\n');
  assert.equal(heading, 'timestamp,score,alarm,anomaly_id');
  assert.deepEqual(
    lines.map((line) => line.split(',')[0]),
    wavyLines(700).map((line) => line.split(',')[0]),
  );
  for (const line of lines) {
    const [, score = '', alarm, id] = line.split(',');
    assert.ok(Number(score) >= 0 && Number(score) <= 1, line);
    assert.equal(alarm === '1', Number(score) > 0.5, line);
    assert.ok(alarm === '0' || id !== '', line);
  }
  assert.ok(lines.some((line) => /,1,[0-9a-f]{24}$/.test(line)));
  assert.match(stderr, /READINGS/);
});

test('a folder is walked, compressed files stay compressed, places are kept and a picture is drawn of each', async (context) => {
  const folder = await testFolder(context);
  await mkdir(path.join(folder, 'a', 'b'), { recursive: true });
  await writeFile(path.join(folder, 'a', 'b', 'one.csv.gz'), gzipSync(wavyFile(560)));
  await writeFile(path.join(folder, 'two.csv'), wavyFile(60));
  await writeFile(path.join(folder, 'notes.txt'), 'no data');
  const [out, plots] = [path.join(folder, 'out'), path.join(folder, 'plots')];
  const args = ['backtest', folder, '--out', out, '--plot', plots, '--json'];
  const first = await runCommand(args);
  assert.equal(first.code, 0, first.stderr);
  // What a run wrote into the folder is not read by the next one.
  const second = await runCommand(args);
  assert.deepEqual(JSON.parse(second.stdout), JSON.parse(first.stdout));
  assert.deepEqual(
    JSON.parse(first.stdout).files.map((one: { file: string; readings: number }) => [one.file, one.readings]),
    [
      [path.join('a', 'b', 'one.csv.gz'), 560],
      ['two.csv', 60],
    ],
  );
  const scored = gunzipSync(await readFile(path.join(out, 'a', 'b', 'one.csv.gz'))).toString();
  const plain = await runCommand(['backtest', await file(context, 'one.csv', wavyFile(560))]);
  assert.equal(scored, plain.stdout);
  assert.deepEqual((await readdir(plots, { recursive: true })).sort(), [
    'a',
    'a/b',
    'a/b/one.svg',
    'two.svg',
  ]);
  const svg = await readFile(path.join(plots, 'a', 'b', 'one.svg'), 'utf8');
  assertWellFormed(svg);
  assert.match(svg, /load/);
  assert.match(svg, /fill="#d43d2a"/);
  const noOut = await runCommand(['backtest', folder]);
  assert.equal(noOut.code, 2);
  assert.match(noOut.stderr, /needs --out/);
});

test('a long file with odd names makes a picture of bounded size', async (context) => {
  const heading = 'time,"a<b>&""c""",load\n';
  const given = await file(context, 'a&b.csv', heading + wavyLines(5000).join('\n'));
  const plot = path.join(path.dirname(given), 'plot.svg');
  const { code, stderr } = await runCommand(['backtest', given, '--plot', plot, '--model', 'built-in']);
  assert.equal(code, 0, stderr);
  const svg = await readFile(plot, 'utf8');
  assertWellFormed(svg);
  assert.match(svg, /a&amp;b\.csv: 5000 readings/);
  assert.ok(svg.length < 200_000, `${svg.length}`);
});

test('rows that cannot be read are named with their line and skipped, or refuse the file when asked', async (context) => {
  const lines = wavyLines(3000);
  lines[2800] = 'yesterday,1,2';
  lines[2900] = '2024-01-01 00:00:00,one,2';
  const given = await file(context, 'bad.csv', `time,load,errors\n${lines.join('\n')}\n`);
  const skipped = await runCommand(['backtest', given, '--model', 'built-in']);
  assert.equal(skipped.code, 0);
  assert.match(skipped.stderr, /line 2802 is skipped: "yesterday" is no time/);
  assert.match(skipped.stderr, /line 2902 is skipped: load is "one", which is no number/);
  assert.equal(skipped.stdout.trimEnd().split('\n').length, 1 + 2998);
  const out = path.join(path.dirname(given), 'out.csv');
  const refused = await runCommand(['backtest', given, '--on-bad-row', 'refuse', '--out', out]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /bad\.csv line 2802: "yesterday" is no time/);
  assert.deepEqual(await readdir(path.dirname(given)), ['bad.csv']);
});

test('a column of labels is refused, and other files of its folder are scored all the same', async (context) => {
  const folder = await testFolder(context);
  await writeFile(path.join(folder, 'labelled.csv'), 'time,a,label\n2024-01-01,1,0\n');
  await writeFile(path.join(folder, 'fine.csv'), wavyFile(40));
  const result = await runCommand(['backtest', folder, '--out', path.join(folder, 'out')]);
  assert.equal(result.code, 1);
  assert.match(result.stderr, /column "label": answers must not be sent/);
  assert.match(result.stderr, /1 of 2 files could not be used: labelled\.csv/);
  assert.deepEqual(await readdir(path.join(folder, 'out')), ['fine.csv']);
});

test('times are understood in their common forms and written as they came', async (context) => {
  const times = [
    '1700000000',
    '2023-11-14 22:14:20',
    '2023/11/14 22:15:20',
    '2023-11-14T23:16:20+01:00',
    '1700000240000',
  ];
  const given = await file(context, 't.csv', `t,x\n${times.map((time) => `${time},1`).join('\n')}\n`);
  const { stdout } = await runCommand(['backtest', given, '--json']);
  assert.deepEqual(JSON.parse(stdout).files[0].refused, 0);
  const scored = await runCommand(['backtest', given]);
  assert.deepEqual(
    scored.stdout.trimEnd().split('\n').slice(1),
    times.map((time) => `${time},0,0,`),
  );
});

test('too many signals together, and files that are not there, are refused in one sentence', async (context) => {
  const names = Array.from({ length: 101 }, (_, at) => `s${at}`);
  const row = names.map(() => '1').join(',');
  const given = await file(context, 'wide.csv', `t,${names.join(',')}\n1700000000,${row}\n`);
  const wide = await runCommand(['backtest', given, '--signals', 'together']);
  assert.equal(wide.code, 1);
  assert.match(wide.stderr, /wide\.csv cannot be scored: a model looks at 1 to 100 signals, not 101/);
  const absent = await runCommand(['backtest', '/nowhere/x.csv']);
  assert.match(absent.stderr, /x\.csv cannot be read: ENOENT/);
});
