import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KubeError } from './kube-error.ts';
import { type Repeatable, retryWait } from './retry-wait.ts';

const wait = (
  error: { status: number; reason?: string; retryAfterMs?: number },
  { retries = 0, repeatable = 'idempotent' as Repeatable, random = 0 } = {},
) => {
  const { status, reason = 'Any', retryAfterMs } = error;
  return retryWait(new KubeError('x', { status, reason, retryAfterMs }), {
    retries,
    repeatable,
    random: () => random,
  });
};

test('Waits double from 100 ms, or are what the server asked for, and jitter only adds', () => {
  assert.deepEqual(
    [0, 1, 2, 3].map((retries) => wait({ status: 503 }, { retries })),
    [100, 200, 400, 800],
  );
  assert.equal(wait({ status: 429, retryAfterMs: 3000 }), 3000);
  assert.equal(wait({ status: 429, retryAfterMs: 3000 }, { random: 1 }), 4500);
  assert.equal(wait({ status: 429, retryAfterMs: 0 }, { random: 1 }), 100);
});

test('A longer wait than ten seconds is the business of the caller', () => {
  assert.equal(wait({ status: 429, retryAfterMs: 11_000 }), undefined);
});

test('What the server refused for good is not tried again, nor what is no error of the server', () => {
  for (const status of [400, 401, 403, 404, 409, 410, 422]) assert.equal(wait({ status }), undefined);
  const plain = { retries: 0, repeatable: 'read', random: () => 0 } as const;
  assert.equal(retryWait(new Error('a bug'), plain), undefined);
});

test('What must be sent once is sent again only when the server said so', () => {
  assert.equal(wait({ status: 500 }, { repeatable: 'once' }), undefined);
  assert.equal(wait({ status: 429 }, { repeatable: 'once' }), 100);
  assert.equal(wait({ status: 503, retryAfterMs: 1000 }, { repeatable: 'once' }), 1000);
});

test('A lost connection is tried again only where nothing can have been written; a time limit never', () => {
  assert.equal(wait({ status: 0, reason: 'Unreachable' }, { repeatable: 'read' }), 100);
  assert.equal(wait({ status: 0, reason: 'Unreachable' }), undefined);
  assert.equal(wait({ status: 0, reason: 'Timeout' }, { repeatable: 'read' }), undefined);
});
