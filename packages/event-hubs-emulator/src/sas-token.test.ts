import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audiencePath, pathCovers, verifySasToken } from './sas-token.ts';
import { signToken } from './testing/sign-token.ts';

const key = { name: 'emulator', value: 'c2VjcmV0' };
const audience = 'sb://127.0.0.1:5672/data';
const nowMs = 1_700_000_000_000;

test('a token that is signed with the key grants its resource until it expires', () => {
  const verdict = verifySasToken(signToken(key, audience, nowMs + 60_000), key, nowMs);
  assert.deepEqual(verdict, { ok: true, claim: { path: 'data', expiresAtMs: nowMs + 60_000 } });
});

test('a token is refused when it expired, or another key, name, resource or expiry is used', () => {
  const good = signToken(key, audience, nowMs + 60_000);
  const bad = [
    signToken(key, audience, nowMs - 1000),
    signToken({ ...key, value: 'other' }, audience, nowMs + 60_000),
    signToken({ ...key, name: 'other' }, audience, nowMs + 60_000),
    good.replace('data', 'feedback'),
    good.replace(/se=\d+/, `se=${nowMs / 1000 + 99_999}`),
    good.replace(/&sig=[^&]+/, ''),
    good.replace(/&sig=[^&]+/, '&sig=%'),
    'eyJhbGciOiJub25lIn0.e30.',
    '',
  ];
  for (const token of bad) assert.equal(verifySasToken(token, key, nowMs).ok, false, token);
});

test('a claim covers its path and what is below it', () => {
  assert.equal(audiencePath('sb://host/Data/Partitions/0/'), 'data/partitions/0');
  assert.equal(audiencePath('sb://host'), '');
  assert.equal(audiencePath('data'), undefined);
  assert.ok(pathCovers('', 'data'));
  assert.ok(pathCovers('data', 'data/partitions/0'));
  assert.ok(!pathCovers('data', 'database'));
  assert.ok(!pathCovers('data/partitions/0', 'data'));
});
