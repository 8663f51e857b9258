import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtInModel } from './detection-model.ts';
import { joined, learntModel, rowsOf, wave } from './engine.fixture.ts';
import { Engine } from './engine.ts';
import type { EngineResult } from './engine-result.ts';

const block = wave('s', 500);
/** An event from reading 300 to 330. */
const odd = { ...block, values: block.values.slice().fill(500, 300, 330) };
const learnt = learntModel(1, { window: 8 });

/** The built-in version, and a learnt one beside it from reading 200 on. */
async function sideBySide(upTo: number): Promise<{ active: Engine; shadow: Engine }> {
  const active = new Engine({ model: builtInModel() });
  await active.process([rowsOf(odd, 0, 200)]);
  const shadow = await Engine.restore(active.snapshot(), { model: learnt });
  for (const engine of [active, shadow]) await engine.process([rowsOf(odd, 200, upTo)]);
  return { active, shadow };
}

const kindsOf = (results: readonly EngineResult[]) =>
  results.flatMap(({ anomalies }) =>
    anomalies.map(({ kind, revision, openedBy, startTime }) => [kind, revision, openedBy, startTime]),
  );

test('an engine that takes the place of another goes on with its open anomaly, and scores as if it had stayed', async () => {
  const { active, shadow } = await sideBySide(305);
  const undisturbed = await Engine.restore(shadow.snapshot(), { model: learnt });
  const open = [...active.series()][0]?.openAnomaly;
  assert.equal(open?.openedBy, 0);
  shadow.takeAnomalies(active);
  assert.deepEqual([...shadow.series()][0]?.openAnomaly, open);
  const rest = [rowsOf(odd, 305, 500)];
  const after = await shadow.process(rest);
  const alone = await undisturbed.process(rest);
  const [first] = kindsOf([after]);
  assert.deepEqual(first?.slice(2), [0, open?.startTime]);
  assert.equal(kindsOf([after]).filter(([kind, , by]) => kind === 'closed' && by === 0).length, 1);
  const scores = (result: EngineResult) => {
    const { anomalies: _, ...numbers } = joined([result]).s as Record<string, unknown>;
    return numbers;
  };
  assert.deepEqual(scores(after), scores(alone));
});

test('what only the taker had open is forgotten, and the engine whose place was taken keeps its own', async () => {
  const { active, shadow } = await sideBySide(305);
  const before = active.snapshot();
  const calm = new Engine({ model: builtInModel() });
  await calm.process([rowsOf(block, 0, 305)]);
  shadow.takeAnomalies(active);
  assert.deepEqual(active.snapshot(), before);
  shadow.takeAnomalies(calm);
  assert.equal([...shadow.series()][0]?.openAnomaly, null);
  // The one does not follow what becomes of the other.
  await active.process([rowsOf(odd, 305, 320)]);
  assert.equal([...shadow.series()][0]?.openAnomaly, null);
});

test('anomalies are taken between two batches, of an engine of the same kind', async () => {
  const { active, shadow } = await sideBySide(305);
  const running = shadow.process([rowsOf(odd, 305, 310)]);
  assert.throws(() => shadow.takeAnomalies(active), /another call/);
  await running;
  const stranger = { version: 0 } as unknown as Engine;
  assert.throws(() => shadow.takeAnomalies(stranger), TypeError);
});
