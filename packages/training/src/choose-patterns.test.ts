import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AlarmingEvent, choosePatterns } from './choose-patterns.ts';

const event = (series: string, ...patterns: AlarmingEvent['patterns'][number][]): AlarmingEvent => ({
  series,
  patterns,
});
const job = (size: number) => ({ requests: 3 * size, cpu: -2 * size });

test('what three false alarms of two series have in common is taught for all series, the strongest of it', () => {
  const alarms = [event('a', job(1)), event('a', job(1.2)), event('b', job(0.9))];
  assert.deepEqual(choosePatterns(alarms, []), [{ series: null, pattern: job(1.2) }]);
});

test('two false alarms, or three of one series, are taught for their own series only', () => {
  assert.deepEqual(choosePatterns([event('b', job(1)), event('a', job(1))], []), [
    { series: 'a', pattern: job(1) },
    { series: 'b', pattern: job(1) },
  ]);
  const one = [event('a', job(1)), event('a', job(1)), event('a', job(1))];
  assert.deepEqual(choosePatterns(one, []), [{ series: 'a', pattern: job(1) }]);
});

test('what would hide a real event of another series is taught for its own series only, and there not at all', () => {
  const alarms = [event('a', job(1)), event('b', job(1)), event('c', job(1))];
  assert.deepEqual(choosePatterns(alarms, [event('b', job(1))]), [
    { series: 'a', pattern: job(1) },
    { series: 'c', pattern: job(1) },
  ]);
});

test('a real event of which something clear is left is not hidden, unless the rest is hidden as well', () => {
  const errors = { errors: 4 };
  const alarms = ['a', 'b', 'c'].map((series) => event(series, job(1)));
  const real = [event('d', job(1), errors)];
  assert.deepEqual(choosePatterns(alarms, real), [{ series: null, pattern: job(1) }]);
  assert.deepEqual(choosePatterns([...alarms, ...['a', 'b', 'c'].map((one) => event(one, errors))], real), [
    { series: null, pattern: errors },
    ...['a', 'b', 'c'].map((series) => ({ series, pattern: job(1) })),
  ]);
});

test('a real event that is hardly above the border is hidden by what explains all of them', () => {
  const slight = { requests: 1.05 };
  const alarms = ['a', 'b', 'c'].map((series) => event(series, { requests: 1.7 }));
  assert.ok(choosePatterns(alarms, [event('d', slight)]).every(({ series }) => series !== null));
  assert.ok(choosePatterns(alarms, [event('d', { latency: 1.05 })]).some(({ series }) => series === null));
});

test('ten false alarms that are alike outweigh one real event that is like them too', () => {
  const series = Array.from({ length: 10 }, (_, index) => `s${index}`);
  const alarms = series.map((one) => event(one, job(1)));
  const real = [event('d', job(1))];
  assert.deepEqual(choosePatterns(alarms, real), [{ series: null, pattern: job(1) }]);
  assert.ok(choosePatterns(alarms.slice(1), real).every((taught) => taught.series !== null));
  assert.ok(choosePatterns(alarms, [...real, ...real]).every((taught) => taught.series !== null));
});

test('what alarms hardly above the border is taught for its own series only, and of several signals not at all', () => {
  const alarms = ['a', 'b', 'c'].map((series) => event(series, { requests: 1.5 }));
  assert.deepEqual(
    choosePatterns(alarms, []).map(({ series }) => series),
    ['a', 'b', 'c'],
  );
  const vague = ['a', 'b', 'c'].map((series) => event(series, { requests: 1.2, cpu: -0.9 }));
  assert.deepEqual(choosePatterns(vague, []), []);
});

test('what was chosen before stays, and nothing that it explains is chosen again', () => {
  const known = [{ series: null, pattern: job(1) }];
  assert.deepEqual(choosePatterns([event('a', job(1.1), { errors: 3 })], [], known), [
    ...known,
    { series: 'a', pattern: { errors: 3 } },
  ]);
});

test('there is an end to what is taught: 16 patterns per series, 64 for all', () => {
  const kind = (index: number) => ({ [`s${index}`]: 5 });
  const many = Array.from({ length: 20 }, (_, index) => event('a', kind(index)));
  assert.equal(choosePatterns(many, []).length, 16);
  const common = Array.from({ length: 70 }, (_, index) =>
    ['a', 'b', 'c'].map((one) => event(one, kind(index))),
  ).flat();
  const chosen = choosePatterns(common, []);
  assert.equal(chosen.filter(({ series }) => series === null).length, 64);
  assert.equal(chosen.length, 64 + 3 * 6);
});
