import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromLocalInput, toLocalInput } from './local-time-input.ts';

test('a time goes into a field and comes back, to the second', () => {
  for (const iso of ['2026-11-22T16:02:11Z', '2026-01-05T03:00:00Z', '2024-02-29T23:59:59Z']) {
    assert.equal(fromLocalInput(toLocalInput(Date.parse(iso))), Date.parse(iso));
  }
  assert.equal(fromLocalInput(toLocalInput(1_700_000_000_987)), 1_700_000_000_000);
});

test('a field without seconds is understood, an unfinished one is not', () => {
  assert.equal(fromLocalInput('2026-11-22T16:02'), new Date(2026, 10, 22, 16, 2).getTime());
  assert.equal(fromLocalInput(''), null);
  assert.equal(fromLocalInput('2026-11-22'), null);
  assert.equal(fromLocalInput('2026-13-45T99:99'), null);
});
