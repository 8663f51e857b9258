import assert from 'node:assert/strict';
import { test } from 'node:test';
import { driftVerdict } from '@verdict/lifecycle';
import { versionLife } from '../testing/version-life.fixture.ts';
import { ChampionSigns, type WatchedVersion } from './champion-signs.ts';
import { totalsOf, type VersionTotals } from './version-totals.ts';

const watched: WatchedVersion = {
  version: 1,
  inputs: { borders: [-1, 0, 1], counts: [100, 100, 100, 100] },
  nominalPerThousand: 1,
};
const even = new Array<number>(64).fill(1);
const nowMs = 1_700_000_000_000;

/** Figures after `looks` looks of 640 readings, of which each opened so many anomalies. */
function totals(
  looks: number,
  change: { anomalies?: number; pValues?: number[]; inputs?: number[]; sinceMs?: number } = {},
): VersionTotals {
  const { anomalies = 0, pValues = even, inputs = [1, 1, 1, 1], sinceMs = 100 } = change;
  return totalsOf(
    [
      versionLife(1, {
        sinceMs,
        readings: 640 * looks,
        anomalies: anomalies * looks,
        pValues: pValues.map((count) => count * 10 * looks),
        inputs: inputs.map((count) => count * 160 * looks),
        logResiduals: { sum: -640 * looks, count: 640 * looks },
      }),
    ],
    1,
  );
}

const activeOf = (signs: ChampionSigns) => driftVerdict(signs.signs(nowMs)).active;
const feed = (signs: ChampionSigns, looks: number, change = {}) => {
  for (let look = 0; look <= looks; look += 1) signs.look(totals(look, change), nowMs + look);
  return signs;
};

test('figures as they were in training are no sign', () => {
  const signs = feed(new ChampionSigns(watched), 40);
  assert.deepEqual(activeOf(signs), []);
  assert.ok(signs.signs(nowMs).every(({ value }) => value !== null));
});

test('small p-values, other inputs and many anomalies are three signs', () => {
  const small = even.map((_, bin) => (bin < 32 ? 2 : 0));
  const signs = feed(new ChampionSigns(watched), 40, { anomalies: 5, pValues: small, inputs: [4, 0, 0, 0] });
  assert.deepEqual(activeOf(signs).sort(), ['alarm-rate', 'calibration', 'input-drift']);
});

test('a change of the residuals is a sign, and too few of them wait for more', () => {
  const signs = new ChampionSigns(watched);
  let [count, sum] = [0, 0];
  const add = (mean: number) => {
    count += 30;
    sum += 30 * mean;
    signs.look({ ...totals(0), readings: count, logResiduals: { sum, count } }, nowMs);
  };
  add(-2);
  for (let look = 0; look < 400; look += 1) add(-2 + 0.1 * (look % 3));
  assert.deepEqual([activeOf(signs), signs.snapshot().drift.adwin.seen], [[], 200]);
  for (let look = 0; look < 200; look += 1) add(-1 + 0.1 * (look % 3));
  assert.deepEqual(activeOf(signs), ['drift']);
});

test('what was before the first look counts for nothing, and only new figures are a look', () => {
  const signs = new ChampionSigns(watched);
  assert.equal(signs.look(totals(100, { anomalies: 50 }), nowMs), false);
  assert.equal(signs.look(totals(100, { anomalies: 50 }), nowMs), false);
  assert.deepEqual(activeOf(signs), []);
  assert.equal(signs.signs(nowMs)[1]?.value, null);
  assert.equal(signs.look(totals(101, { anomalies: 50 }), nowMs), true);
});

test('another process goes on from what was kept, to the same signs', () => {
  const whole = feed(new ChampionSigns(watched), 30, { anomalies: 3 });
  let parts = new ChampionSigns(watched);
  for (let look = 0; look <= 30; look += 1) {
    parts = new ChampionSigns(watched, JSON.parse(JSON.stringify(parts.snapshot())));
    parts.look(totals(look, { anomalies: 3 }), nowMs + look);
  }
  assert.deepEqual(parts.snapshot(), whole.snapshot());
  assert.deepEqual(parts.signs(nowMs), whole.signs(nowMs));
});

test('another champion, figures that begin anew, and what cannot be read begin the signs anew', () => {
  const kept = feed(new ChampionSigns(watched), 30, { anomalies: 9 }).snapshot();
  const anew = new ChampionSigns(watched).snapshot();
  assert.deepEqual(new ChampionSigns({ ...watched, version: 2 }, kept).snapshot(), { ...anew, version: 2 });
  for (const odd of [null, 'x', { version: 1 }, { ...kept, alarmRate: { intervals: [] } }])
    assert.deepEqual(new ChampionSigns(watched, odd).snapshot(), anew);
  const moved = new ChampionSigns(watched, kept);
  assert.equal(moved.look(totals(31, { anomalies: 9, sinceMs: 101 }), nowMs), false);
  assert.deepEqual(activeOf(moved), []);
});

test('of a version without a reference only the alarm rate says something', () => {
  const builtIn = { version: 1, inputs: null, nominalPerThousand: 1 };
  const signs = feed(new ChampionSigns(builtIn), 40, { anomalies: 5 });
  assert.deepEqual(
    signs.signs(nowMs).map(({ name, value }) => [name, value !== null]),
    [
      ['calibration', false],
      ['alarm-rate', true],
      ['drift', false],
      ['input-drift', false],
    ],
  );
  assert.match(signs.signs(nowMs)[0]?.text ?? '', /does not know/);
});
