import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bearerOf, mayJudge } from './access-token.ts';
import { SessionStore } from './session-store.ts';

function tokenOf(claims: object): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig`;
}

function memoryStorage(): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

const answer = {
  access_token: tokenOf({ sub: 'zoë', roles: ['analyst', 'unheard-of'] }),
  token_type: 'Bearer' as const,
  expires_in: 900,
};

test('the bearer is read from the token, unknown roles left out', () => {
  assert.deepEqual(bearerOf(answer.access_token), { person: 'zoë', roles: ['analyst'] });
  assert.equal(bearerOf('not a token'), null);
  assert.equal(bearerOf('a.%%%.c'), null);
  assert.equal(mayJudge(['viewer']), false);
  assert.equal(mayJudge(['admin']), true);
});

test('a session survives a reload and not its own end', () => {
  const storage = memoryStorage();
  let nowMs = 1000;
  const parts = { storage, nowMs: () => nowMs };
  const store = new SessionStore(parts);
  store.begin(answer, 'zoë');
  const reloaded = new SessionStore(parts);
  assert.equal(reloaded.state().kind, 'active');
  nowMs += 901_000;
  assert.equal(new SessionStore(parts).state().kind, 'none');
  reloaded.end();
  store.end();
});

test('running out keeps the person, so that the page can ask again; signing in goes on', () => {
  const store = new SessionStore({ storage: memoryStorage(), nowMs: () => 0 });
  let told = 0;
  store.subscribe(() => told++);
  store.begin(answer, 'zoë');
  store.expire();
  assert.deepEqual(store.state(), { kind: 'expired', person: 'zoë' });
  assert.equal(store.token(), null);
  store.begin(answer, 'zoë');
  assert.equal(store.state().kind, 'active');
  assert.equal(told, 3);
  store.end();
});

test('a spoiled store is nobody', () => {
  const storage = memoryStorage();
  storage.setItem('verdict.session', '{broken');
  assert.equal(new SessionStore({ storage, nowMs: () => 0 }).state().kind, 'none');
});
