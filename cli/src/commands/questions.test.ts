import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { eventually, runCommand, testFolder, testGateway } from '../testing/run-command.ts';

const id = '0f1e2d3c4b5a69788796a5b4';
const anomaly = {
  id,
  namespace: 'default',
  pool: 'shop',
  model: 'shop',
  modelVersion: 1,
  series: 'shop/cart',
  start: '2026-11-22T16:00:00.000Z',
  end: '2026-11-22T16:05:00.000Z',
  state: 'closed' as const,
  peak: { time: '2026-11-22T16:01:00.000Z', score: 0.9312345 },
  signals: [{ signal: 'latency_p99', share: 0.8, value: 4.1, expected: 0.3, band: 0.1 }],
  patterns: [{ latency_p99: 4.2 }],
  revision: 3,
  verdicts: [
    { person: 'ann', verdict: 'true' as const, reason: null, comment: null, at: '2026-11-22T16:10:00.000Z' },
  ],
};

test('a login is stored for its owner alone and used by the other commands', async (context) => {
  const gateway = await testGateway(context);
  const folder = await testFolder(context);
  const variables = { XDG_CONFIG_HOME: folder, VERDICT_URL: gateway.url };
  const nobody = await runCommand(['models'], { variables });
  assert.equal(nobody.code, 1);
  assert.match(nobody.stderr, /Nobody is logged in at .* Run "verdict login"/);

  const wrong = await runCommand(['login', '--user', 'ann'], { variables, stdin: 'wrong\n' });
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /wrong user name or password/);

  const login = await runCommand(['login', '--user', 'ann'], { variables, stdin: 'right\n' });
  assert.equal(login.code, 0, login.stderr);
  const { mode } = await stat(path.join(folder, 'verdict', 'login.json'));
  assert.equal(mode & 0o777, 0o600);
  assert.equal((await runCommand(['models'], { variables })).code, 0);

  const tomorrow = { nowMs: () => Date.now() + 86_400_000, sleep: async () => undefined };
  assert.equal((await runCommand(['models'], { variables, clock: tomorrow })).code, 0);
  assert.equal(gateway.refreshTokens, 2);
  // Somebody else used the stored one: the log-in is over.
  gateway.refreshTokens = 3;
  const later = { ...tomorrow, nowMs: () => Date.now() + 2 * 86_400_000 };
  const expired = await runCommand(['models'], { variables, clock: later });
  assert.equal(expired.code, 1);
  assert.match(expired.stderr, /login of ann .* has expired/);

  assert.match((await runCommand(['logout'], { variables })).stdout, /ann is logged out/);
  assert.match((await runCommand(['logout'], { variables })).stdout, /Nobody is logged in/);
});

test('anomalies are listed as a table or as JSON, with the filters of the API', async (context) => {
  const gateway = await testGateway(context);
  gateway.anomalies.push(anomaly);
  const result = await runCommand([
    'anomalies',
    '--state',
    'closed',
    '--series',
    'shop/cart',
    '--url',
    gateway.url,
  ]);
  assert.equal(result.code, 0, result.stderr);
  assert.match(
    result.stdout,
    /shop\/cart +2026-11-22 16:00:00 +5m +closed +0\.9312 +latency_p99 80% +4\.1 +0\.3 +true \(ann\)/,
  );
  assert.equal(gateway.asked.at(-1), '/anomalies?series=shop%2Fcart&state=closed&limit=50');
  const json = await runCommand(['anomalies', '--json', '--url', gateway.url]);
  assert.deepEqual(JSON.parse(json.stdout), { items: [anomaly] });
});

test('an answer is sent with its reason, and a wrong one is wrong usage', async (context) => {
  const gateway = await testGateway(context);
  const result = await runCommand([
    'feedback',
    id,
    'false',
    '--reason',
    'deployment',
    '--no-receipt',
    '--url',
    gateway.url,
  ]);
  assert.equal(result.code, 0, result.stderr);
  assert.equal(result.stdout, `Taken: ${id} is false.\n`);
  assert.deepEqual(gateway.feedback, [{ anomalyId: id, verdict: 'false', reason: 'deployment' }]);
  assert.equal((await runCommand(['feedback', id, 'maybe'])).code, 2);
  const short = await runCommand(['feedback', 'abc', 'true']);
  assert.equal(short.code, 2);
  assert.match(short.stderr, /anomalyId: 24 lower-case hex digits/);
});

test('series are listed with what is being done with them', async (context) => {
  const gateway = await testGateway(context);
  assert.match((await runCommand(['series', '--url', gateway.url])).stdout, /No series/);
  gateway.series.push({
    series: 'shop/cart',
    state: 'scored',
    reason: 'scored by version 1',
    model: 'shop',
    partition: '3',
    signals: ['cpu'],
    readings: 7,
    firstReading: null,
    lastReading: '2026-11-22T16:00:00.000Z',
    score: 0.12345,
    openAnomaly: null,
  });
  const result = await runCommand(['series', '--url', gateway.url]);
  assert.match(result.stdout, /shop\/cart +scored +shop +0\.1235 +7 .*\n\n1 scored/s);
});

test('an absent gateway is one sentence that says what to do', async (context) => {
  const gateway = await testGateway(context);
  await gateway.stop();
  const result = await runCommand(['models', '--url', gateway.url]);
  await gateway.restart();
  assert.equal(result.code, 1);
  assert.match(result.stderr, /connection refused\)\. Is Verdict running there\? Start it with "npm start"/);
});

test('the metrics of this computer arrive under its name', async (context) => {
  const gateway = await testGateway(context);
  const stop = new AbortController();
  const running = runCommand(['host-metrics', '--url', gateway.url], { signal: stop.signal });
  await eventually(() => gateway.readings.length >= 2);
  stop.abort();
  assert.equal((await running).code, 0);
  const [first, second] = gateway.readings;
  assert.match(first?.series ?? '', /^host\/./);
  assert.equal((first?.time ?? 1) % 1000, 0);
  assert.ok((second?.time ?? 0) > (first?.time ?? 0));
  assert.ok(typeof first?.values.cpu === 'number');
});

test('help explains itself, and wrong usage ends with 2', async () => {
  const help = await runCommand(['--help']);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /Examples:/);
  for (const args of [
    ['nonsense'],
    [],
    ['anomalies', '--state', 'half'],
    ['models', '--url', 'ftp://x'],
    ['feedback'],
  ])
    assert.equal((await runCommand(args)).code, 2, args.join(' '));
  const environment = await runCommand(['models'], { variables: { VERDICT_USER: 'ann' } });
  assert.equal(environment.code, 2);
});
