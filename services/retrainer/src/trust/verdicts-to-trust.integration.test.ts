import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FeedbackEvent, ModelTrust } from '@verdict/contracts';
import { type Database, openStores } from '@verdict/storage';
import { sampleAnomaly, sampleFigures, shopWriter, storeTest } from '@verdict/storage/testing';
import { retrainerTest } from '../testing/retrainer-process.fixture.ts';
import { bodyOf, eventually, sampleMissed, sampleVerdict } from '../testing/sample-feedback.fixture.ts';

const tests = storeTest();
const { startProcess, withSink } = retrainerTest(['judged', 'flooded', 'taken-over']);
const pool = 'default/shop';
const startMs = Date.now() - 3_600_000;
const idOf = (index: number) => index.toString(16).padStart(24, '0');

/** A pool of the model `shop` whose detector committed what is given to `commit`. */
async function shopOf(db: Database) {
  const stores = openStores(db);
  const { commit } = await shopWriter(stores);
  const trust = async (): Promise<ModelTrust | null> =>
    (await stores.trust.get('default', 'shop'))?.trust ?? null;
  const kept = async () => {
    const entries = await stores.overlays.entries(pool, await stores.overlays.head(pool));
    return entries.map(({ anomalyId }) => anomalyId);
  };
  return { commit, trust, kept };
}

test('verdicts quiet and condemn, disagreement and withdrawal take that back, and a report lowers recall', {
  timeout: 120_000,
}, async () => {
  const db = await tests.database();
  const { commit, trust, kept } = await shopOf(db);
  const anomalies = Array.from({ length: 12 }, (_, index) =>
    sampleAnomaly({
      id: idOf(index),
      startMs: startMs + index * 60_000,
      peakMs: startMs + index * 60_000 + 500,
      endMs: startMs + index * 60_000 + 1000,
      state: 'closed',
      patterns: [{ cpu: 3 + index }],
    }),
  );
  await commit({ anomalies, figures: sampleFigures({ readings: 600, anomalies: 12 }) });
  const running = await startProcess(db, 'judged');
  await withSink('judged', async (sink) => {
    const judge = (from: number, to: number, person: string, verdict: FeedbackEvent['verdict']) =>
      sink.send(
        '1',
        anomalies
          .slice(from, to)
          .map(({ id }) => bodyOf(sampleVerdict({ anomalyId: id, person, verdict, at: Date.now() }))),
      );
    await judge(0, 12, 'ada', 'false');
    await eventually(async () => (await kept()).length === 12);
    await eventually(async () => (await trust())?.confidence.state === 'bad');
    assert.equal((await trust())?.quality.fp, 12);

    // As many say true: undecided, so nothing is quieted by these two, and people see that others disagree.
    await judge(0, 2, 'bob', 'true');
    await eventually(async () => (await kept()).length === 10);
    await eventually(async () => (await trust())?.confidence.contested === 2);
    assert.equal((await trust())?.quality.tp, 1);

    await judge(0, 12, 'ada', 'withdrawn');
    await eventually(async () => (await kept()).length === 0);
    await eventually(async () => (await trust())?.confidence.judged === 2);
    assert.deepEqual([(await trust())?.confidence.state, (await trust())?.quality.tp], ['unknown', 2]);

    const recall = async () => (await trust())?.quality.recall?.mean ?? 0;
    const before = await recall();
    const report = sampleMissed({ series: 'shop/pay', from: startMs, to: startMs + 5000, at: Date.now() });
    await sink.send('0', [bodyOf(report)]);
    await eventually(async () => (await trust())?.quality.missed === 1);
    assert.ok((await recall()) < before);
    await sink.send('0', [bodyOf({ ...report, withdrawn: true, at: Date.now() })]);
    await eventually(async () => (await trust())?.quality.missed === 0);
    assert.equal(await recall(), before);
  });
  const metrics = await running.metrics();
  assert.match(metrics, /verdict_overlay_entries\{pool="default\/shop"\} 0/);
  assert.match(metrics, /verdict_feedback_events_total\{kind="missed"\} 2/);
  assert.match(metrics, /verdict_trust_age_seconds\{model="default\/shop"\} \d/);
  assert.doesNotMatch(metrics, /verdict_retrainer_failures_total\{/);
  assert.equal(await running.end('SIGTERM'), 0);
  const points = await openStores(db).trust.history({
    namespace: 'default',
    model: 'shop',
    fromMs: 0,
    toMs: Date.now(),
    limit: 1000,
  });
  const states = points.map(({ state }) => state).filter((state, index, all) => state !== all[index - 1]);
  assert.deepEqual(states.slice(-2), ['bad', 'unknown']);
});

test('a flood of verdicts moves neither confidence nor memory until it is accepted, and then does', {
  timeout: 120_000,
}, async () => {
  const db = await tests.database();
  const { answers } = openStores(db);
  const { commit, trust, kept } = await shopOf(db);
  const anomalies = Array.from({ length: 12 }, (_, index) => {
    const at = startMs + index * 60_000;
    const times = { startMs: at, peakMs: at + 500, endMs: at + 1000 };
    return sampleAnomaly({ id: idOf(index), ...times, state: 'closed', patterns: [{ cpu: 3 + index }] });
  });
  await commit({ anomalies, figures: sampleFigures({ readings: 600, anomalies: 12 }) });
  const running = await startProcess(db, 'flooded');
  const shows = (state: string, judged: number, remembered: number) =>
    eventually(async () => {
      const { confidence } = (await trust()) ?? {};
      return (
        confidence?.state === state && confidence.judged === judged && (await kept()).length === remembered
      );
    });
  await withSink('flooded', async (sink) => {
    const at = Date.now();
    const said = anomalies.map(({ id }) => ({ anomalyId: id, person: 'eve', verdict: 'false', at }) as const);
    await sink.send(
      '1',
      said.map((verdict) => bodyOf(sampleVerdict(verdict))),
    );
    await shows('bad', 12, 12);
    const flood = await answers.admit({
      person: 'eve',
      atMs: at,
      historyAbove: 0,
      holdMs: 60_000,
      rule: () => ({ flood: { limit: 1, usual: null } }),
    });
    await shows('unknown', 0, 0);
    assert.deepEqual((await trust())?.verdicts, []);
    const id = 'floodId' in flood ? (flood.floodId ?? '') : '';
    await answers.review(id, { decision: 'accept', by: 'root', atMs: Date.now() });
    await shows('bad', 12, 12);
  });
  assert.equal(await running.end('SIGTERM'), 0);
});

test('when the process that watches is killed, another one goes on with the signs and the count of looks', {
  timeout: 120_000,
}, async () => {
  const db = await tests.database();
  const { commit, trust } = await shopOf(db);
  const score = (anomalies: number) => commit({ figures: sampleFigures({ readings: 1000, anomalies }) });
  await score(0);
  const first = await startProcess(db, 'taken-over');
  await eventually(async () => (await trust()) !== null);
  const looked = async (looks: number) => {
    await score(5);
    await eventually(async () => (await trust())?.drift.window === looks);
  };
  for (let looks = 1; looks <= 3; looks += 1) await looked(looks);
  const rate = async () => (await trust())?.signs.find(({ name }) => name === 'alarm-rate');
  assert.match((await rate())?.text ?? '', /^3000 readings so far/);
  const second = await startProcess(db, 'taken-over');
  await first.end('SIGKILL');
  await looked(4);
  assert.match((await rate())?.text ?? '', /^4000 readings so far/);
  for (let more = 0; more < 6; more += 1) await score(5);
  await eventually(async () => (await rate())?.active === true);
  assert.match((await rate())?.text ?? '', /^50 anomalies among the last 10000 readings/);
  assert.equal((await trust())?.drift.verdict, 'watch');
  assert.equal(await second.end('SIGTERM'), 0);
});
