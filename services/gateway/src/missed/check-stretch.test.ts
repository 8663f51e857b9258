import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HttpProblem } from '@verdict/process';
import { checkStretch } from './check-stretch.ts';

const nowMs = Date.parse('2026-03-01T12:00:00Z');

function fieldRefused(from: string, to: string): string | undefined {
  try {
    checkStretch(Date.parse(from), Date.parse(to), nowMs);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof HttpProblem);
    return error.errors?.[0]?.field;
  }
}

test('a report from before 1970 is refused instead of accepted and then lost on its way', () => {
  assert.equal(fieldRefused('1969-12-31T23:59:59Z', '1970-01-01T00:00:01Z'), 'from');
  assert.equal(fieldRefused('0000-01-01T00:00:00Z', '0000-01-01T00:00:01Z'), 'from');
  assert.equal(fieldRefused('1970-01-01T00:00:00Z', '1970-01-01T00:00:01Z'), undefined);
});

test('a report is at most a day long and not in the future', () => {
  assert.equal(fieldRefused('2026-02-28T11:00:00Z', '2026-03-01T12:00:00Z'), 'from');
  assert.equal(fieldRefused('2026-03-01T12:00:00Z', '2026-03-01T12:06:00Z'), 'to');
  assert.equal(fieldRefused('2026-03-01T11:00:00Z', '2026-03-01T12:04:00Z'), undefined);
});
