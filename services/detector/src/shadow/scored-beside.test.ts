import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Engine, type EngineResult, type ScoredBlock } from '@verdict/detection';
import {
  type AnomalyRecord,
  keptBand,
  keptExpected,
  keptScore,
  type ShadowScoring,
  type VersionSpan,
} from '@verdict/storage';
import { anomalyRecord } from '../batch/anomaly-record.ts';
import { decodeEvents } from '../batch/decode-events.ts';
import { scriptEvents, scriptStartMs } from '../testing/reading-script.fixture.ts';
import { pool, shopOrders, tiltedModel, tiltedModels } from '../testing/scripted-detector.fixture.ts';
import { readingTexts } from '../testing/scripted-partition-store.fixture.ts';
import { memoriesOf, resultsOf, stagedWorld } from '../testing/staged-world.fixture.ts';

const script = scriptEvents(110);
const end = script.length - 1;
/** Beside from event 24 on; in its place while an anomaly is open, and back; in its place again from 80 to 99. */
const stages: readonly VersionSpan[] = [
  { fromSequence: 0, version: 1, overlay: 0, shadow: null },
  { fromSequence: 24, version: 1, overlay: 0, shadow: 2 },
  { fromSequence: 30, version: 1, overlay: 1, shadow: 2 },
  { fromSequence: 43, version: 2, overlay: 1, shadow: 1 },
  { fromSequence: 46, version: 1, overlay: 1, shadow: 2 },
  { fromSequence: 80, version: 2, overlay: 1, shadow: 1 },
  { fromSequence: 100, version: 1, overlay: 1, shadow: null },
];
const overlays = await memoriesOf(stages);

/** What exactly one of two results says of the same readings, counted reading by reading. */
function counted(served: EngineResult, would: EngineResult): ShadowScoring {
  const rows = (result: EngineResult) =>
    result.scored.flatMap(({ score, flags }) =>
      [...score].map((value, row) => ({
        value,
        alarm: ((flags[row] ?? 0) & 1) === 1,
        flags: flags[row] ?? 0,
      })),
    );
  const [one, other] = [rows(served), rows(would)];
  const of = (all: typeof one, { anomalies }: EngineResult) => ({
    anomalies: anomalies.filter(({ kind }) => kind === 'opened').length,
    alarms: all.filter(({ alarm }) => alarm).length,
    quieted: all.filter(({ flags }) => (flags & 8) !== 0).length,
  });
  return {
    readings: one.length,
    disagreements: one.filter(({ alarm }, at) => alarm !== other[at]?.alarm).length,
    scoreDifference: one.reduce((sum, { value }, at) => sum + Math.abs(value - (other[at]?.value ?? 0)), 0),
    served: of(one, served),
    would: of(other, would),
  };
}

function sum(all: readonly ShadowScoring[]): ShadowScoring {
  const total = (count: (one: ShadowScoring) => number) => all.reduce((so, one) => so + count(one), 0);
  const of = (side: 'served' | 'would') => ({
    anomalies: total((one) => one[side].anomalies),
    alarms: total((one) => one[side].alarms),
    quieted: total((one) => one[side].quieted),
  });
  return {
    readings: total(({ readings }) => readings),
    disagreements: total(({ disagreements }) => disagreements),
    scoreDifference: total(({ scoreDifference }) => scoreDifference),
    served: of('served'),
    would: of('would'),
  };
}

/** Two engines that nobody disturbs, event by event; whose turn it is to count says the stage. */
async function twoEngines() {
  const texts = new Map<string, string>();
  const anomalies = new Map<string, AnomalyRecord>();
  const compared: Record<string, ShadowScoring[]> = {};
  const champion = new Engine({ model: tiltedModel(1) });
  let candidate: Engine | null = null;
  let before = 1;
  const { owns } = shopOrders(1);
  for (const [sequence, body] of script.entries()) {
    const stage = stages.findLast(({ fromSequence }) => fromSequence <= sequence);
    const { version = 1, shadow = null, overlay = 0 } = stage ?? {};
    if (shadow !== null) candidate ??= await Engine.restore(champion.snapshot(), { model: tiltedModel(2) });
    for (const engine of [champion, candidate]) engine?.setMemory(overlays.get(overlay)?.memory ?? new Map());
    if (version !== before && candidate !== null)
      version === 2 ? candidate.takeAnomalies(champion) : champion.takeAnomalies(candidate);
    before = version;
    const { blocks } = decodeEvents([{ sequence, body, enqueuedAtMs: 0 }]);
    const own = blocks.filter(({ series }) => owns(series));
    const one = await champion.process(own);
    const other = (await candidate?.process(own)) ?? null;
    const [serves, beside] = version === 2 && other !== null ? [other, one] : [one, other];
    for (const block of serves.scored)
      for (const [key, text] of readingTexts(block.series, kept(block))) texts.set(key, text);
    for (const change of serves.anomalies) {
      const record = anomalyRecord(pool, change);
      anomalies.set(record.id, record);
    }
    if (shadow === null || beside === null) continue;
    const pair = `${version} beside it ${shadow}`;
    compared[pair] ??= [];
    compared[pair].push(counted(serves, beside));
  }
  return { texts: [...texts].sort(), anomalies: [...anomalies].sort(), compared };
}

/** In the precision of history. */
function kept(block: ScoredBlock): ScoredBlock {
  const { expected, band, score } = block;
  return {
    ...block,
    expected: expected.map((one, at) => keptExpected(one, band[at] ?? Number.NaN)),
    band: band.map(keptBand),
    score: score.map(keptScore),
  };
}

test('a shadow’s figures are those of two separate engines over the same readings, and its warm engine takes over without a gap', async () => {
  const world = await stagedWorld(stages, overlays, script);
  await world.workUpTo(end, { models: tiltedModels });
  assert.deepEqual(world.store.spans, stages);
  const expected = await twoEngines();
  const { history, tails, anomalies } = resultsOf(world);
  assert.deepEqual(anomalies, expected.anomalies);
  assert.deepEqual([...history, ...tails].sort(), expected.texts);
  assert.deepEqual([...world.store.comparisons.keys()], Object.keys(expected.compared));
  for (const [pair, parts] of Object.entries(expected.compared)) {
    const { scoreDifference, ...counts } = sum(parts);
    const { scoreDifference: difference, ...comparison } = world.store.comparisons.get(pair) ?? sum([]);
    assert.deepEqual(comparison, counts);
    assert.ok(Math.abs(difference - scoreDifference) < 1e-3, `${difference} and ${scoreDifference}`);
    const { readings, disagreements, served, would } = comparison;
    assert.ok(
      readings > 200 && disagreements > 0,
      `${pair}: ${readings} readings, ${disagreements} differently`,
    );
    assert.ok(difference > 0 && served.alarms + would.alarms > 0);
  }
});

test('a would-be anomaly comes to nobody, and the one that is open at a takeover keeps its id', async () => {
  const world = await stagedWorld(stages, overlays, script);
  await world.workUpTo(end, { models: tiltedModels });
  const alone = await stagedWorld(
    stages.map((one) => ({ ...one, version: 1, shadow: null })),
    overlays,
    script,
  );
  await alone.workUpTo(end, { models: tiltedModels });
  // Up to the takeover people are told exactly what they would be told without a shadow.
  const startOf = (event: number) => scriptStartMs + (event * 4 + 10) * 1000;
  const early = ({ store }: typeof world) =>
    [...store.anomalies.values()]
      .filter(({ endMs }) => endMs < startOf(30))
      .map(({ id, startMs, peakScore, modelVersion }) => [id, startMs, peakScore, modelVersion]);
  assert.ok(early(world).length > 0);
  assert.deepEqual(early(world), early(alone));
  // Open at the takeover and the way back, opened by the version that served then.
  const startMs = scriptStartMs + (150 + 'shop/checkout'.length) * 1000;
  const open = [...world.store.anomalies.values()].filter((one) => one.startMs === startMs);
  assert.deepEqual(
    open.map(({ series, modelVersion, state }) => [series, modelVersion, state]),
    [['shop/checkout', 1, 'closed']],
  );
  for (const { revision, id } of world.store.anomalies.values())
    assert.equal(world.store.posted.filter(({ anomalyId }) => anomalyId === id).length, revision);
});
