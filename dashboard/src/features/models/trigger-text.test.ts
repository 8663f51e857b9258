import assert from 'node:assert/strict';
import { test } from 'node:test';
import { triggerText } from './trigger-text.ts';

test('every kind of trigger is told in words', () => {
  assert.equal(triggerText('asked-0b2f'), 'somebody asked for it');
  assert.equal(triggerText('confidence-v3-812'), 'version 3 was no longer trusted');
  assert.equal(triggerText('drift-v0-7'), 'the built-in version no longer fitted the stream');
  assert.equal(
    triggerText('schedule-2026-11-22T20:00:00.000Z', 'UTC'),
    'it was due by the clock, Sun 22 Nov, 20:00:00',
  );
  assert.equal(triggerText('history-0'), 'there was enough history for the first time');
  assert.match(triggerText('history-2'), /grown to 4 times what is needed$/);
});

test('an unknown trigger is named as it is', () => {
  for (const id of ['cron', 'confidence-x', 'schedule-soon', 'history-x', ''])
    assert.equal(triggerText(id), `triggered by ${id}`);
});
