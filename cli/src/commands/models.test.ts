import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { tableWidth } from '../table.ts';
import { eventually, runCommand, testGateway } from '../testing/run-command.ts';
import { sampleModel, sampleTraining } from '../testing/samples.ts';

async function shopGateway(context: TestContext) {
  const gateway = await testGateway(context);
  gateway.models.push(sampleModel());
  const run = (...args: string[]) => runCommand(['models', ...args, '--url', gateway.url]);
  return { gateway, run };
}

function assertNarrow(text: string): void {
  for (const line of text.split('\n')) assert.ok(line.length <= tableWidth, line);
}

test('models are listed with what serves and how far it can be trusted', async (context) => {
  const { gateway, run } = await shopGateway(context);
  gateway.models.push(sampleModel({ name: 'fresh', trust: null, trainings: [], champion: 0 }));
  const { stdout } = await run();
  assert.match(stdout, /shop +v1 +bad +20 % \(10 to 34\) +40 % +24 +50 +succeeded: kept 20 of 20 e…/);
  assert.match(stdout, /fresh +v0 +- +- +- +24 +50 +-/);
  assertNarrow(stdout);
  assert.deepEqual(JSON.parse((await run('--json')).stdout), { items: gateway.models });
});

test('one model is shown with its trust, its signs, and the reasons for every version', async (context) => {
  const { gateway, run } = await shopGateway(context);
  const { stdout, code, stderr } = await run('show', 'shop');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /confidence +bad: 20 % \(10 to 34\), 20 judged, on 1 people disagree/);
  assert.match(stdout, /recall +90 % \(70 to 98\): 1 missed/);
  assert.match(stdout, /drift +watch: one sign is active/);
  assert.match(stdout, /alarm-rate +8\.25 +3 +ACTIVE +8\.25 times the nominal rate/);
  assert.match(stdout, /v2 +refused .*\n {4}found 3 of 20 events, 19 were asked for\nv1 \* +accepted/);
  assert.match(stdout, /history-0 +succeeded +2026-11-22 16:00:00 +90s +v1 +kept/);
  assertNarrow(stdout);
  const json = await runCommand(['models', '--json', '--url', gateway.url, 'show', 'shop']);
  assert.deepEqual(JSON.parse(json.stdout), gateway.models[0]);
});

test('a model that is not there is named together with those that are', async (context) => {
  const { run } = await shopGateway(context);
  const result = await run('show', 'shops');
  assert.equal(result.code, 1);
  assert.match(result.stderr, /no model shops in the namespace default; there are shop/);
  assert.equal((await run('show')).code, 2);
  assert.equal((await run('show', 'No Name')).code, 2);
  assert.equal((await run('nonsense')).code, 2);
});

test('a training is asked for, and its id printed', async (context) => {
  const { gateway, run } = await shopGateway(context);
  assert.equal((await run('retrain', 'shop')).stdout, 'asked-1\n');
  assert.equal((await run('retrain', 'shop', '--json')).stdout, '{"triggerId":"asked-2"}\n');
  assert.deepEqual(gateway.trainings, ['shop', 'shop']);
  assert.match(gateway.asked.at(-1) ?? '', /^\/models\/shop\/trainings\?namespace=default$/);
});

test('a training is followed until it ends, and its end decides the exit code', async (context) => {
  const { gateway, run } = await shopGateway(context);
  const ended = (change: Parameters<typeof sampleTraining>[0]) =>
    gateway.next('POST /models/shop/trainings', () => {
      const run = sampleTraining({ triggerId: `asked-${gateway.trainings.length}`, version: 3, ...change });
      gateway.models = [sampleModel({ trainings: [run] })];
    });
  ended({ message: 'better in every way' });
  const good = await run('retrain', 'shop', '--wait');
  assert.equal(good.code, 0, good.stderr);
  assert.equal(good.stdout, 'asked-1\nVersion 3 was accepted: better in every way\n');
  ended({ state: 'refused', message: 'it finds too little' });
  const refused = await run('retrain', 'shop', '--wait', '--json');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /Version 3 was refused: it finds too little/);
  assert.equal(JSON.parse(refused.stdout).training.state, 'refused');
  ended({ state: 'failed', version: null, message: 'it crashed three times' });
  assert.match(
    (await run('retrain', 'shop', '--wait')).stderr,
    /The training failed: it crashed three times/,
  );
});

test('a training that takes too long is left to itself', async (context) => {
  const { gateway, run } = await shopGateway(context);
  const running = run('retrain', 'shop', '--wait', '--timeout', '2s');
  await eventually(() => gateway.trainings.length === 1);
  gateway.models = [sampleModel({ trainings: [sampleTraining({ triggerId: 'asked-1', state: 'running' })] })];
  const { code, stderr } = await running;
  assert.equal(code, 1);
  assert.match(stderr, /the training runs\n.*has not ended within 2s; see "verdict models show shop"/s);
});
