import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Caller } from './caller.ts';
import { RememberedTokens } from './remembered-tokens.ts';

const ann: Caller = { name: 'ann', roles: ['analyst'], expiresAtMs: 100_000 };

test('a token that was good a moment ago needs no second check', () => {
  const tokens = new RememberedTokens(() => 1000);
  assert.equal(tokens.caller('one'), null);
  tokens.add('one', ann);
  assert.equal(tokens.caller('one'), ann);
  assert.equal(tokens.caller('another'), null);
});

test('after half a minute a token is checked again, because its key may be gone', () => {
  let nowMs = 1000;
  const tokens = new RememberedTokens(() => nowMs);
  tokens.add('one', ann);
  nowMs = 30_999;
  assert.equal(tokens.caller('one'), ann);
  nowMs = 31_000;
  assert.equal(tokens.caller('one'), null);
  nowMs = 2000;
  assert.equal(tokens.caller('one'), null, 'forgotten');
});

test('a token is never good beyond its expiry', () => {
  let nowMs = 90_000;
  const tokens = new RememberedTokens(() => nowMs);
  tokens.add('one', ann);
  nowMs = 100_000;
  assert.equal(tokens.caller('one'), null);
});

test('only so many tokens are kept, the ones that are used', () => {
  const tokens = new RememberedTokens(() => 1000);
  tokens.add('used', ann);
  for (let at = 0; at < 9_999; at += 1) tokens.add(`other ${at}`, ann);
  assert.equal(tokens.caller('used'), ann);
  tokens.add('one more', ann);
  assert.equal(tokens.caller('other 0'), null);
  assert.equal(tokens.caller('used'), ann);
});
