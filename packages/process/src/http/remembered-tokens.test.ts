import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GoodToken, RememberedTokens } from './remembered-tokens.ts';

const ann: GoodToken = {
  caller: { name: 'ann', roles: ['analyst'], expiresAtMs: 100_000 },
  header: { alg: 'ES256' },
  key: new Uint8Array(1),
};

test('what was found out about a token is known until it expires', () => {
  let nowMs = 1000;
  const tokens = new RememberedTokens(() => nowMs);
  assert.equal(tokens.find('one'), null);
  tokens.add('one', ann);
  assert.equal(tokens.find('one'), ann);
  assert.equal(tokens.find('another'), null);
  nowMs = 99_999;
  assert.equal(tokens.find('one'), ann);
  nowMs = 100_000;
  assert.equal(tokens.find('one'), null);
  nowMs = 1000;
  assert.equal(tokens.find('one'), null, 'forgotten');
});

test('only so many tokens are kept, the ones that are used', () => {
  const tokens = new RememberedTokens(() => 1000);
  tokens.add('used', ann);
  for (let at = 0; at < 9_999; at += 1) tokens.add(`other ${at}`, ann);
  assert.equal(tokens.find('used'), ann);
  tokens.add('one more', ann);
  assert.equal(tokens.find('other 0'), null);
  assert.equal(tokens.find('used'), ann);
});
