import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { before, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { openGivenVersion } from '../backtest/given-version.ts';
import { wavyFile, wavyLines } from '../backtest/wavy-file.fixture.ts';
import { type WavyVersion, wavyVersion, writeVersion } from '../backtest/wavy-version.fixture.ts';
import { runCommand, testFolder } from '../testing/run-command.ts';

let trained: WavyVersion;
before(async () => {
  trained = await wavyVersion();
});

interface Placed {
  readonly folder: string;
  readonly file: string;
  backtest(...more: string[]): ReturnType<typeof runCommand>;
}

async function place(
  context: TestContext,
  version: WavyVersion = trained,
  content = wavyFile(900),
): Promise<Placed> {
  const folder = await testFolder(context);
  const file = path.join(await testFolder(context), 'wavy.csv');
  await writeVersion(folder, version);
  await writeFile(file, content);
  return { folder, file, backtest: (...more) => runCommand(['backtest', file, '--model', folder, ...more]) };
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

test('a version that is given scores from the first reading on, and says signals, window and recurring itself', async (context) => {
  const { folder, file, backtest } = await place(context);
  const { code, stdout, stderr } = await backtest('--json');
  assert.equal(code, 0, stderr);
  const { settings, files } = JSON.parse(stdout);
  assert.deepEqual(settings, {
    signals: 'together',
    window: 8,
    recurring: 'alarm',
    seed: 1,
    batchReadings: 512,
    model: { folder, name: 'wavy', version: 3, sha256: trained.manifest.sha256 },
  });
  assert.equal(files[0].trainings, 0);
  assert.ok(files[0].anomalies > 0);
  const byManifest = await runCommand([
    'backtest',
    file,
    '--model',
    path.join(folder, 'manifest.json'),
    '--json',
  ]);
  assert.deepEqual(JSON.parse(byManifest.stdout).files, files);
  const byRules = await runCommand(['backtest', file, '--model', 'built-in', '--recurring', 'alarm']);
  assert.notEqual((await backtest()).stdout, byRules.stdout);
});

test('with a version that is given, row by row equals batches, and a cut changes nothing before it', async (context) => {
  for (const version of [trained, await wavyVersion(false)]) {
    const { file, backtest } = await place(context, version);
    const { stdout: whole } = await backtest();
    assert.equal((await backtest('--batch', '1')).stdout, whole);
    assert.equal((await backtest('--batch', '37')).stdout, whole);
    for (const rows of [1, 33, 400, 401, 650]) {
      await writeFile(file, `time,load,errors\n${wavyLines(900).slice(0, rows).join('\n')}\n`);
      const { stdout: cut } = await backtest();
      assert.deepEqual(cut.trimEnd().split('\n'), whole.split('\n').slice(0, rows + 1), `cut after ${rows}`);
    }
  }
});

test('signals may stand in another order, and others beside them', async (context) => {
  const { file, backtest } = await place(context);
  const { stdout: plain } = await backtest();
  const turned = wavyLines(900).map((line, row) => {
    const [time, load, errors] = line.split(',');
    return [time, row % 7, errors, load].join(',');
  });
  await writeFile(file, `time,other,errors,load\n${turned.join('\n')}\n`);
  assert.equal((await backtest()).stdout, plain);
});

test('a file that lacks a signal is named with it, and other files of its folder are scored', async (context) => {
  const { folder, file, backtest } = await place(context);
  const one = wavyLines(60).map((line) => line.slice(0, line.lastIndexOf(',')));
  await writeFile(path.join(path.dirname(file), 'narrow.csv'), `time,load\n${one.join('\n')}\n`);
  const out = await testFolder(context);
  const all = await runCommand(['backtest', path.dirname(file), '--model', folder, '--out', out]);
  assert.equal(all.code, 1);
  assert.match(
    all.stderr,
    /narrow\.csv cannot be scored: version 3 of wavy looks at errors, and the file has only load\./,
  );
  assert.match(all.stderr, /1 of 2 files could not be used: narrow\.csv/);
  assert.equal((await backtest()).code, 0);
});

test('what is no version is refused in one sentence that names what is wrong', async (context) => {
  const net = (onnx: Uint8Array): WavyVersion => ({
    onnx,
    manifest: { ...trained.manifest, sha256: digestOf(onnx) },
  });
  const manifest = (folder: string, text: string) => writeFile(path.join(folder, 'manifest.json'), text);
  const cases: [spoil: (folder: string) => Promise<void>, says: RegExp][] = [
    [(folder) => rm(folder, { recursive: true }), /the folder of a version, and .* cannot be read: ENOENT/],
    [
      (folder) => rm(path.join(folder, 'manifest.json')),
      /is no version of a model: it holds no manifest\.json\./,
    ],
    [(folder) => rm(path.join(folder, 'model.onnx')), /is no version of a model: it holds no model\.onnx\./],
    [(folder) => manifest(folder, '{"a":'), /manifest\.json is no manifest: it is not JSON/],
    [
      (folder) => manifest(folder, '{"manifestVersion":1}'),
      /manifest\.json is no manifest of a version: model: /,
    ],
    [(folder) => manifest(folder, '[]'), /manifest\.json is no manifest of a version: /],
    [
      (folder) => writeFile(path.join(folder, 'model.onnx'), 'other'),
      /model\.onnx is not the net of .*manifest\.json: its SHA-256 is [0-9a-f]{64}, the manifest says [0-9a-f]{64}\./,
    ],
    [
      (folder) => writeVersion(folder, net(Buffer.from('no net'))),
      /cannot be opened: the net \(6 bytes\) is not taken/,
    ],
    [
      (folder) => writeVersion(folder, { ...trained, manifest: { ...trained.manifest, window: 9 } }),
      /cannot be opened: the net takes 16 numbers, not 18\./,
    ],
    [
      (folder) => writeVersion(folder, { ...trained, manifest: { ...trained.manifest, window: 2 } }),
      /cannot be opened: window must be a whole number from 4 to 128, not 2\./,
    ],
  ];
  for (const [spoil, says] of cases) {
    const { folder, file, backtest } = await place(context);
    await spoil(folder);
    const out = path.join(path.dirname(file), 'out.csv');
    const { code, stdout, stderr } = await backtest('--out', out);
    assert.equal(code, 1, stderr);
    assert.match(stderr, says);
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
    assert.equal(stdout, '');
  }
  const { file } = await place(context);
  const itself = await runCommand(['backtest', file, '--model', file]);
  assert.match(itself.stderr, /wavy\.csv is no version of a model: --model takes the folder/);
  assert.equal(itself.code, 1);
});

test('a net of which any byte was changed is not opened', async (context) => {
  const { folder } = await place(context);
  const places = fc.record({
    at: fc.nat({ max: trained.onnx.length - 1 }),
    by: fc.integer({ min: 1, max: 255 }),
  });
  await fc.assert(
    fc.asyncProperty(places, async ({ at, by }) => {
      const onnx = trained.onnx.slice();
      onnx[at] = (onnx[at] ?? 0) ^ by;
      await writeVersion(folder, { ...trained, onnx });
      await assert.rejects(openGivenVersion(folder), /is not the net of/);
    }),
    { numRuns: 30 },
  );
});

test('what a version was trained for cannot be changed beside it', async (context) => {
  const { backtest } = await place(context);
  for (const options of [
    ['--signals', 'each'],
    ['--recurring', 'habit'],
    ['--window', '32'],
  ]) {
    const { code, stderr } = await backtest(...options);
    assert.equal(code, 2);
    assert.match(stderr, new RegExp(`${options[0]} cannot be given beside a version: its manifest says`));
  }
  const both = await backtest('--signals', 'together', '--recurring', 'alarm');
  assert.match(both.stderr, /--signals and --recurring cannot be given beside a version/);
});
