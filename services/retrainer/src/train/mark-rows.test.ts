import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RowMark } from '@verdict/training';
import type { EventUse, LabelEvent } from './label-events.ts';
import { markRows } from './mark-rows.ts';

const rows = 60;
const block = (alarms: readonly number[] = []) => ({
  series: 'shop/a',
  signals: ['cpu'],
  times: Float64Array.from({ length: rows }, (_, row) => 1000 * row),
  values: new Float32Array(rows),
  alarms: Uint8Array.from({ length: rows }, (_, row) => (alarms.includes(row) ? 1 : 0)),
});
const event = (use: EventUse, from: number, to: number, series = 'shop/a'): LabelEvent => ({
  id: `${use} ${from}`,
  use,
  series,
  fromMs: 1000 * from,
  toMs: 1000 * to,
});
/** Rows with a mark, as `from-to`. */
function stretches(marks: ArrayLike<number> | undefined, wanted: number): string[] {
  const found: string[] = [];
  let from = -1;
  for (let row = 0; row <= rows; row += 1) {
    const is = marks?.[row] === wanted;
    if (is && from < 0) from = row;
    if (!is && from >= 0) {
      found.push(`${from}-${row - 1}`);
      from = -1;
    }
  }
  return found;
}

test('confirmed, undecided, unjudged and missed ones are excluded with a margin of eight rows', () => {
  for (const use of ['confirmed', 'undecided', 'unjudged', 'missed'] as const) {
    const [marked] = markRows([block()], [event(use, 20, 22)]).blocks;
    assert.deepEqual(stretches(marked?.marks, RowMark.excluded), ['12-30']);
  }
  const [atEnds] = markRows([block()], [event('confirmed', 2, 3), event('missed', 58, 90)]).blocks;
  assert.deepEqual(stretches(atEnds?.marks, RowMark.excluded), ['0-11', '50-59']);
});

test('false alarms are taught under a number of their own, or held back; what alarmed in them is no reason', () => {
  const events = [event('taught', 10, 12), event('held-back', 30, 33), event('taught', 50, 50)];
  const { blocks, taught } = markRows([block([10, 11, 31, 50])], events);
  const [marked] = blocks;
  assert.deepEqual(stretches(marked?.taught, 1), ['10-12']);
  assert.deepEqual(stretches(marked?.taught, 2), ['50-50']);
  assert.deepEqual(stretches(marked?.marks, RowMark.heldBack), ['30-33']);
  assert.equal(marked?.marks?.[11], RowMark.plain);
  assert.deepEqual(taught, [events[0], events[2]]);
});

test('what alarmed and belongs to no anomaly is excluded with its margin', () => {
  const [marked] = markRows([block([40])], [event('taught', 45, 46)]).blocks;
  assert.deepEqual(stretches(marked?.marks, RowMark.excluded), ['32-44', '47-48']);
  assert.deepEqual(stretches(marked?.taught, 1), ['45-46']);
});

test('a real event and its margin win over a false alarm, which is not taught when nothing is left of it', () => {
  const events = [event('taught', 10, 30), event('taught', 33, 34), event('confirmed', 35, 36)];
  const { blocks, taught } = markRows([block()], events);
  assert.deepEqual(stretches(blocks[0]?.taught, 1), ['10-26']);
  assert.deepEqual(taught, [events[0]]);
});

test('events of other series, and outside the history, mark nothing', () => {
  const { blocks, taught } = markRows(
    [block()],
    [event('confirmed', 20, 22, 'shop/b'), event('taught', 90, 95)],
  );
  assert.ok(blocks[0]?.marks?.every((mark) => mark === RowMark.plain));
  assert.deepEqual(taught, []);
});
