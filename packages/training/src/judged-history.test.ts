import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtInModel, detectionSettings } from '@verdict/detection';
import { evaluate } from './evaluate.ts';
import { judgedSpan } from './judged-span.ts';
import { EventPlaces, type KnownEvent } from './known-event.ts';
import { injectFaults, shopHistory, shopSignals, stepMs } from './shop-history.fixture.ts';
import { RowMark, type TrainingBlock, timeAtShare } from './training-block.ts';

const history = shopHistory(5, 3, 500);
const [block] = history;
const timeOf = (row: number) => block?.times[row] ?? Number.NaN;
const settings = detectionSettings({ signals: shopSignals, recurring: 'alarm' });
const event = (from: number, to: number, more: Partial<KnownEvent> = {}): KnownEvent => ({
  kind: 'confirmed',
  series: 'shop/0',
  fromMs: timeOf(from),
  toMs: timeOf(to),
  taught: false,
  ...more,
});

test('an event’s place has a margin of eight readings, within what is there of the series', () => {
  const places = new EventPlaces(history);
  assert.deepEqual(places.of(event(100, 103)), [timeOf(92), timeOf(111)]);
  assert.deepEqual(places.of(event(2, 3)), [timeOf(0), timeOf(11)]);
  assert.deepEqual(places.of(event(498, 499)), [timeOf(490), timeOf(499)]);
  assert.equal(places.of(event(1, 2, { series: 'shop/9' })), null);
  assert.equal(places.of({ series: 'shop/0', fromMs: timeOf(3) + 1, toMs: timeOf(4) - 1 }), null);
});

test('what is judged is bounded, and goes back to judged events only where there are any', () => {
  const border = timeAtShare(history, 0.8);
  const rows = (span: ReturnType<typeof judgedSpan>) =>
    [span.before, span.learnt, span.heldBack].map((part) => part[0]?.times.length);
  assert.deepEqual(rows(judgedSpan(history, border, false)), [400, 0, 100]);
  assert.deepEqual(rows(judgedSpan(history, border, true)), [100, 300, 100]);
  assert.deepEqual(rows(judgedSpan(history, border, true, 600)), [300, 100, 100]);
  assert.deepEqual(rows(judgedSpan(history, border, true, 150)), [450, 0, 50]);
});

test('who alarms in which event is told for events anywhere in the judged history; excluded readings are not quiet', async () => {
  const { blocks, injected } = injectFaults(history, { seed: 2, firstRow: 150, every: 70, sigmas: 12 });
  const marked = blocks.map((one): TrainingBlock => {
    const marks = new Uint8Array(one.times.length);
    for (const { series, from, to } of injected)
      if (series === one.series) marks.fill(RowMark.excluded, Math.max(0, from - 8), to + 8);
    return { ...one, marks };
  });
  const events = [
    ...injected.map(({ series, from, to }) => event(from, to - 1, { series })),
    event(20, 21, { kind: 'false-alarm' }),
    event(170, 171, { kind: 'missed', series: 'shop/9' }),
  ];
  const done: number[] = [];
  const {
    candidate,
    champion,
    events: judged,
    shown,
  } = await evaluate({
    blocks: marked,
    heldBackFrom: timeOf(400),
    candidate: builtInModel(settings),
    champion: builtInModel(settings),
    events,
    seed: 1,
    onProgress: (share) => done.push(share),
  });
  assert.equal(judged.length, injected.length);
  assert.ok(judged.filter(({ championAlarms }) => championAlarms).length >= 0.7 * judged.length);
  assert.ok(judged.every(({ championAlarms, candidateAlarms }) => championAlarms === candidateAlarms));
  assert.deepEqual({ ...candidate, version: 0 }, champion);
  const excluded = marked
    .flatMap(({ marks }) => [...(marks?.subarray(400) ?? [])])
    .filter((mark) => mark > 0);
  assert.equal(candidate.readings, 300 - excluded.length);
  assert.deepEqual(
    shown.map(({ times }) => [times[0], times.length]),
    shown.map(() => [timeOf(100), 400]),
  );
  assert.equal(shown.length, 3);
  assert.deepEqual(done, [0.1, 0.5, 0.9]);
  assert.equal(timeOf(1) - timeOf(0), stepMs);
});
