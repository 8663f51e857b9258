import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isGood, keyBeginning, keyEnd, keyScope, keyUse } from './key-text.ts';

const nowMs = Date.parse('2026-11-23T12:00:00Z');

test('a key is known by its beginning and by the series it may send', () => {
  assert.equal(keyBeginning({ id: '0123456789ab' }), 'vk_0123456789ab_…');
  assert.equal(keyScope({ seriesPrefix: '' }), 'any series');
  assert.equal(keyScope({ seriesPrefix: 'shop/' }), 'shop/…');
});

test('the last use is as exact as it is known', () => {
  assert.equal(keyUse({ lastUsedAt: null }, nowMs), 'never');
  assert.equal(keyUse({ lastUsedAt: '2026-11-23T11:20:00Z' }, nowMs), 'within the hour');
  assert.equal(keyUse({ lastUsedAt: '2026-11-20T12:00:00Z' }, nowMs), '3 d ago');
});

test('the end of a key says why and when', () => {
  const end = (
    state: Parameters<typeof keyEnd>[0]['state'],
    expiresAt: string | null,
    successor: string | null,
  ) => keyEnd({ state, expiresAt, successor }, nowMs);
  assert.equal(end('active', null, null), 'until revoked');
  assert.equal(end('ending', '2026-11-25T12:00:00Z', null), '2 d left');
  assert.equal(end('ending', '2026-11-24T12:00:00Z', 'abc'), 'replaced, 24 h left');
  assert.equal(end('ending', '2026-11-25T11:59:58Z', null), '2 d left');
  assert.equal(end('ending', '2026-11-23T12:30:00Z', null), '30 min left');
  assert.equal(end('expired', '2026-11-22T12:00:00Z', null), 'expired');
  assert.equal(end('expired', '2026-11-22T12:00:00Z', 'abc'), 'replaced');
  assert.equal(end('revoked', '2026-11-25T12:00:00Z', null), 'revoked');
});

test('only a key that lets somebody in is good', () => {
  assert.deepEqual(
    (['active', 'ending', 'expired', 'revoked'] as const).map((state) => isGood({ state })),
    [true, true, false, false],
  );
});
