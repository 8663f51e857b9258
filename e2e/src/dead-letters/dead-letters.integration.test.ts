import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { DeadLettersPage } from '@verdict/contracts';
import { encodeReadings, openEventHubs } from '@verdict/streams';
import { type RunningStream, startStream } from '../platform/start-stream.ts';

const cli = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url));
const poisonedEngine = new URL('./poisoned-engine.ts', import.meta.url).href;
const startMs = Date.now() - 600_000;
const pool = 'default/shop';

let stream: RunningStream | undefined;
before(async () => {
  stream = await startStream({});
});
after(() => stream?.stop());

const running = (): RunningStream => {
  if (stream === undefined) throw new Error('it is started before the tests');
  return stream;
};

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + 120_000;
  while (!(await isSo())) {
    assert.ok(performance.now() < deadlineMs, `not in time: ${what}`);
    await delay(100);
  }
}

/** `verdict dead-letters …`, as an admin. */
async function verdict(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { url, bearer } = running();
  const token = (await bearer('admin')).slice('Bearer '.length);
  return new Promise((resolve) => {
    const env = { ...process.env, VERDICT_TOKEN: token, VERDICT_URL: url };
    execFile(process.execPath, [cli, 'dead-letters', ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

const letters = async (...args: string[]) =>
  (JSON.parse((await verdict('list', '--json', ...args)).stdout) as DeadLettersPage).items;

/** Readings that the pool has taken, each counted once, and repeated ones that it dropped. */
async function counted(): Promise<{ readings: number; duplicates: number }> {
  const [row] = await running().queries.query<{ readings: number; duplicates: number }>(
    'SELECT sum(readings)::bigint AS readings, sum(duplicates)::bigint AS duplicates FROM lease WHERE grp = $1',
    [pool],
  );
  return row ?? { readings: 0, duplicates: 0 };
}

test('a poisonous event stops nobody, and is scored when it is replayed after the bug is mended, once', {
  timeout: 400_000,
}, async () => {
  const { url, bearer, startDetector, hubs } = running();
  const authorization = await bearer('ingest');
  const send = async (series: string, from: number, to: number): Promise<void> => {
    const readings = Array.from({ length: to - from }, (_, at) => ({
      series,
      time: startMs + (from + at) * 1000,
      values: { cpu: at },
    }));
    const headers = { authorization, 'content-type': 'application/json' };
    const answer = await fetch(`${url}/data`, {
      method: 'POST',
      body: JSON.stringify({ readings }),
      headers,
    });
    assert.equal(answer.status, 202, await answer.text());
  };
  const buggy = await startDetector(['--import', poisonedEngine]);
  await send('shop/cart', 0, 20);
  await send('shop/poison', 0, 5);
  // Four partitions: some of these come behind the poison.
  for (const series of ['shop/cart', 'shop/pay', 'shop/search', 'shop/stock', 'shop/mail'])
    await send(series, 20, 40);
  const sink = openEventHubs({ connectionString: hubs.connectionString, hub: 'data' }).sink();
  try {
    await sink.send('0', [Buffer.from('{"readings":[]}')]);
    await until('everything else is scored', async () => (await counted()).readings === 120);
    await until('both are put aside', async () => (await letters()).length === 2);
    const [poisonous] = await letters('--reason', 'poisonous', '--pool', pool);
    const id = String(poisonous?.id);
    assert.match((await verdict('show', id)).stdout, /shop\/poison .* cpu=4/);
    assert.match(
      (await verdict('replay', '--all', '--reason', 'undecodable')).stderr,
      /no format that is known/,
    );

    await buggy.stop();
    await startDetector();
    const replayed = await verdict('replay', '--all', '--reason', 'poisonous');
    assert.equal(replayed.stdout, '1 on their way again.\n', replayed.stderr);
    await until('it is scored', async () => (await counted()).readings === 125);
    assert.deepEqual(
      (await letters('--state', 'replayed')).map((letter) => [letter.id, letter.replayedBy]),
      [[poisonous?.id, 'admin']],
    );

    // Once more, before and after it is known that the series went on; and past the gateway.
    await verdict('replay', id);
    const times = Float64Array.from([0, 1, 2, 3, 4], (second) => startMs + second * 1000);
    const values = Float32Array.of(0, 1, 2, 3, 4);
    const again = encodeReadings([{ series: 'shop/poison', signals: ['cpu'], times, values }]);
    await sink.send(poisonous?.partition ?? '0', [again]);
    await until('the repeated readings are dropped', async () => (await counted()).duplicates >= 5);
    await until(
      'the gateway knows that the series went on',
      async () => (await verdict('replay', id)).code === 1,
    );
    assert.equal((await counted()).readings, 125);
    assert.equal((await verdict('drop', '--all')).stdout, '2 dropped.\n');
    assert.deepEqual(await letters(), []);
  } finally {
    await sink.close();
  }
});
