import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClaimRule } from './claim-rule.ts';

const plan = (version: number, fallback: number | null = null) => ({ version, shadow: null, fallback });
const member = (pinnedVersion: number | null) => ({ pinnedVersion });

test('a pinned detector claims what is planned for its version, and nothing else', () => {
  const rule = new ClaimRule(2, 10_000);
  assert.equal(rule.wants(plan(2), [], 0), true);
  assert.equal(rule.wants(plan(3), [], 0), false);
  assert.equal(rule.wants(plan(3, 1), [], 0), false);
});

test('it claims what it is the fallback of, once the planned version was gone for one expiry', () => {
  const rule = new ClaimRule(2, 10_000);
  assert.equal(rule.wants(plan(3, 2), [member(3)], 0), false);
  assert.equal(rule.wants(plan(3, 2), [member(2)], 9_999), false);
  assert.equal(rule.wants(plan(3, 2), [member(3)], 10_000), false);
  assert.equal(rule.wants(plan(3, 2), [member(2)], 19_999), false);
  assert.equal(rule.wants(plan(3, 2), [member(2)], 20_000), true);
});

test('an unpinned detector keeps every version alive', () => {
  const rule = new ClaimRule(2, 10_000);
  for (const nowMs of [0, 20_000, 40_000]) assert.equal(rule.wants(plan(3, 2), [member(null)], nowMs), false);
});
