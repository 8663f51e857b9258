import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { runCommand, testGateway } from '../testing/run-command.ts';
import { sampleAnomaly, sampleReceipt, sampleVerdict } from '../testing/samples.ts';

const { id } = sampleAnomaly;

async function gatewayWithAnomaly(context: TestContext) {
  const gateway = await testGateway(context);
  gateway.anomalies = [sampleAnomaly];
  const run = (...args: string[]) => runCommand([...args, '--url', gateway.url]);
  return { gateway, run };
}

test('an answer is followed by its receipt as soon as it counts', async (context) => {
  const { gateway, run } = await gatewayWithAnomaly(context);
  gateway.next('POST /feedback', () => {
    gateway.anomalies = [{ ...sampleAnomaly, verdicts: [sampleVerdict] }];
    gateway.receipts = [{ ...sampleReceipt, memory: null, sentences: ['Quiet within seconds.'] }];
    gateway.next(`GET /anomalies/${id}/receipt`, () => {
      gateway.receipts = [sampleReceipt];
    });
  });
  const { stdout, code, stderr } = await run('feedback', id, 'false');
  assert.equal(code, 0, stderr);
  assert.equal(stdout, `Taken: ${id} is false.\n${sampleReceipt.sentences.join('\n')}\n`);
});

test('an answer that does not count in time is kept all the same', async (context) => {
  const { gateway, run } = await gatewayWithAnomaly(context);
  // An hour passes with every look at the clock.
  let hours = 0;
  const nowMs = () => {
    hours += 1;
    return hours * 3_600_000;
  };
  const clock = { nowMs, sleep: async () => undefined };
  const given = ['feedback', id, 'true', '--url', gateway.url];
  const { stdout, stderr, code } = await runCommand(given, { clock });
  assert.equal(code, 0, stderr);
  assert.equal(stdout, `Taken: ${id} is true.\n`);
  assert.match(stderr, /does not count yet; see later with "verdict feedback receipt/);
  const json = await runCommand([...given, '--json'], { clock });
  assert.equal(JSON.parse(json.stdout).receipt, null);
  const short = await run('feedback', id, 'true', '--json', '--no-receipt');
  assert.deepEqual(Object.keys(JSON.parse(short.stdout)), ['feedbackId']);
});

test('a receipt can be asked for at any time', async (context) => {
  const { gateway, run } = await gatewayWithAnomaly(context);
  gateway.receipts = [sampleReceipt];
  assert.equal((await run('feedback', 'receipt', id)).stdout, `${sampleReceipt.sentences.join('\n')}\n`);
  assert.deepEqual(JSON.parse((await run('feedback', '--json', 'receipt', id)).stdout), sampleReceipt);
  assert.equal((await run('feedback', 'receipt', 'abc')).code, 2);
  const astray = await run('feedback', '--reason', 'x', 'receipt', id);
  assert.equal(astray.code, 2);
  assert.match(astray.stderr, /--reason does not go with "feedback receipt"/);
});

test('what was missed is reported, listed and taken back', async (context) => {
  const { gateway, run } = await gatewayWithAnomaly(context);
  const stretch = ['--from', '2026-11-22T16:00:00Z', '--to', '2026-11-22T16:05:00Z'];
  const reported = await run('feedback', 'missed', 'shop/cart', ...stretch, '--reason', 'outage');
  assert.equal(reported.code, 0, reported.stderr);
  const [report] = gateway.missed;
  assert.deepEqual(
    [report?.series, report?.from, report?.to, report?.reason],
    ['shop/cart', '2026-11-22T16:00:00.000Z', '2026-11-22T16:05:00.000Z', 'outage'],
  );
  assert.match(reported.stdout, new RegExp(`feedback missed --withdraw ${report?.id}`));
  const listed = await run('feedback', 'missed', '--list', '--from', '2026-11-22T15:00:00Z');
  assert.match(listed.stdout, /shop\/cart +2026-11-22 16:00:00 +5m +ann +outage/);
  assert.equal(gateway.asked.at(-1), '/missed?from=2026-11-22T15%3A00%3A00.000Z');
  const json = await run('feedback', 'missed', 'shop/cart', '--list', '--json');
  assert.deepEqual(JSON.parse(json.stdout), { items: gateway.missed });
  const back = await run('feedback', 'missed', '--withdraw', report?.id ?? '');
  assert.equal(back.stdout, `Taken back: report ${report?.id}.\n`);
  assert.match((await run('feedback', 'missed', '--list')).stdout, /No missed anomalies were reported/);
});

test('a report without a stretch, or backwards in time, is wrong usage', async (context) => {
  const { gateway, run } = await gatewayWithAnomaly(context);
  const missed = (...args: string[]) => run('feedback', 'missed', ...args);
  for (const args of [
    [],
    ['shop/cart'],
    ['shop/cart', '--from', '10m'],
    ['shop/cart', '--from', '5m', '--to', '10m'],
    ['shop//cart', '--from', '10m', '--to', '5m'],
    ['shop/cart', '--withdraw', 'x'],
    ['--withdraw', 'x', '--list'],
  ])
    assert.equal((await missed(...args)).code, 2, args.join(' '));
  assert.deepEqual(gateway.missed, []);
});

test('the anomalies worth asking about come with their reasons', async (context) => {
  const { gateway, run } = await gatewayWithAnomaly(context);
  assert.match((await run('anomalies', '--worth-asking')).stdout, /Nothing is worth asking now/);
  const question = { anomalyId: id, worth: 2.5, reasons: ['near the threshold', 'nobody has answered here'] };
  gateway.worthAsking = [question];
  const { stdout } = await run('anomalies', '--worth-asking', '--model', 'shop');
  assert.match(
    stdout,
    /shop\/cart +2026-11-22 16:00:00 +5m +0\.9312 +2\.50\n {4}near the threshold\n {4}nobody has answered here\n$/,
  );
  assert.ok(gateway.asked.includes('/anomalies/worth-asking?limit=20&model=shop'));
  const json = await run('anomalies', '--worth-asking', '--json');
  assert.deepEqual(JSON.parse(json.stdout), { items: [{ ...question, anomaly: sampleAnomaly }] });
  assert.equal((await run('anomalies', '--worth-asking', '--state', 'open')).code, 2);
});
