import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { builtInModel } from './detection-model.ts';
import { learntModel, rowsOf, wave } from './engine.fixture.ts';
import { Engine } from './engine.ts';
import { atOnce } from './state/sliced.ts';
import { SnapshotError } from './state/state-codec.ts';

const keys = ['a', 'b', 'größe', 'd'];
const rows = 400;
/** Waves with a burst now and then, so that anomalies are open at some of the marks. */
const series = keys.map((key, place) => {
  const block = wave(key, rows, place === 1 ? ['x', 'y'] : ['x']);
  const values = block.values.map((value, at) => (at % 97 > 92 - place ? value + 300 : value));
  return { ...block, values };
});
const model = learntModel(1, { window: 8 });

/** What may happen between two marks. */
const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ feed: fc.nat({ max: 3 }), readings: fc.integer({ min: 1, max: 40 }) }),
    },
    { weight: 3, arbitrary: fc.constant('changes' as const) },
    { weight: 1, arbitrary: fc.record({ forget: fc.nat({ max: 3 }) }) },
    { weight: 1, arbitrary: fc.constant('snapshot' as const) },
  ),
  { minLength: 1, maxLength: 40 },
);

test('a snapshot and all changes since restore the state, byte for byte, whatever happened in between', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const engine = new Engine({ model });
      const next = keys.map(() => 0);
      let base = engine.snapshot();
      let changes: Uint8Array[] = [];
      atOnce(engine.markSteps());
      const takeChanges = () => {
        const taken = atOnce(engine.changesSteps());
        assert.ok(taken !== null);
        changes.push(taken);
      };
      for (const step of script) {
        if (step === 'changes') takeChanges();
        else if (step === 'snapshot') {
          base = engine.snapshot();
          changes = [];
          atOnce(engine.markSteps());
        } else if ('forget' in step) engine.forget(keys[step.forget] ?? '');
        else {
          const from = next[step.feed] ?? 0;
          const to = Math.min(rows, from + step.readings);
          const block = series[step.feed];
          if (block !== undefined && to > from) await engine.process([rowsOf(block, from, to)]);
          next[step.feed] = to;
        }
      }
      takeChanges();
      const restored = await Engine.restore(base, { model }, changes);
      assert.deepEqual(restored.snapshot(), engine.snapshot());
      atOnce(engine.markSteps());
      const rest = series.map((block) => rowsOf(block, rows - 1, rows));
      assert.deepEqual(await restored.process(rest), await engine.process(rest));
      // Units lie in another order after a restore, by name: states are compared, not bytes of changes.
      const [one, other] = [atOnce(restored.changesSteps()), atOnce(engine.changesSteps())];
      assert.ok(one !== null && other !== null && one.length === other.length);
    }),
    { numRuns: 60 },
  );
});

test('little is written where little has changed, and nothing for series without readings', async () => {
  const engine = new Engine({ model: builtInModel() });
  const many = Array.from({ length: 50 }, (_, index) => wave(`s${index}`, 300));
  await engine.process(many.map((block) => rowsOf(block, 0, 298)));
  atOnce(engine.markSteps());
  const whole = engine.snapshot().length;
  const none = atOnce(engine.changesSteps())?.length ?? Number.NaN;
  assert.ok(none < 1000, `${none} bytes for nothing`);
  await engine.process(many.slice(0, 5).map((block) => rowsOf(block, 298, 299)));
  const few = atOnce(engine.changesSteps())?.length ?? Number.NaN;
  assert.ok(few - none < (whole * 5) / 50 / 2, `${few} bytes for a reading of 5 in 50, ${whole} for all`);
});

test('further changes follow a restored engine where changes were given, be it none, unless its model is another one', async () => {
  const engine = new Engine({ model });
  const [block] = series;
  assert.ok(block !== undefined);
  await engine.process([rowsOf(block, 0, 100)]);
  const base = engine.snapshot();
  const restored = await Engine.restore(base, { model }, []);
  await restored.process([rowsOf(block, 100, 150)]);
  const changes = atOnce(restored.changesSteps());
  assert.ok(changes !== null);
  const again = await Engine.restore(base, { model }, [changes]);
  assert.deepEqual(again.snapshot(), restored.snapshot());
  assert.equal(atOnce((await Engine.restore(base, { model })).changesSteps()), null);
  const other = { model: learntModel(2, { window: 8 }) };
  assert.equal(atOnce((await Engine.restore(base, other, [])).changesSteps()), null);
});

test('without a mark, or after everything has changed, there are no changes', async () => {
  const engine = new Engine({ model: builtInModel() });
  assert.equal(atOnce(engine.changesSteps()), null);
  atOnce(engine.markSteps());
  assert.ok(atOnce(engine.changesSteps()) !== null);
  await engine.swap(model);
  assert.equal(atOnce(engine.changesSteps()), null);
  atOnce(engine.markSteps());
  engine.takeAnomalies(new Engine({ model }));
  assert.equal(atOnce(engine.changesSteps()), null);
});

test('changes that are damaged, or of another model, are refused', async () => {
  const engine = new Engine({ model });
  const [block] = series;
  assert.ok(block !== undefined);
  await engine.process([rowsOf(block, 0, 100)]);
  const base = engine.snapshot();
  atOnce(engine.markSteps());
  await engine.process([rowsOf(block, 100, 120)]);
  const changes = atOnce(engine.changesSteps());
  assert.ok(changes !== null);
  const refused = (bytes: Uint8Array) =>
    assert.rejects(Engine.restore(base, { model }, [bytes]), SnapshotError);
  await refused(changes.subarray(0, changes.length - 3));
  const altered = Uint8Array.from(changes);
  altered[changes.length >> 1] = (altered[changes.length >> 1] ?? 0) ^ 4;
  await refused(altered);
  const other = new Engine({ model: learntModel(2, { window: 8 }) });
  atOnce(other.markSteps());
  const foreign = atOnce(other.changesSteps());
  assert.ok(foreign !== null);
  await refused(foreign);
  await refused(base);
});
