import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshToken } from './fresh-token.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;

function issuer() {
  const state = {
    nowMs: 0,
    asked: [] as unknown[],
    away: false,
    refreshAfterMs: undefined as number | undefined,
  };
  const credential = {
    getToken: async (scope: string | string[]) => {
      state.asked.push(scope);
      if (state.away) throw new Error('the issuer is away');
      return {
        token: `token ${state.asked.length}`,
        expiresOnTimestamp: state.nowMs + hourMs,
        ...(state.refreshAfterMs === undefined
          ? {}
          : { refreshAfterTimestamp: state.nowMs + state.refreshAfterMs }),
      };
    },
  };
  return { state, token: freshToken(credential, 'scope', () => state.nowMs) };
}

test('a token serves until five minutes before its end, then a new one is asked for', async () => {
  const { state, token } = issuer();
  assert.equal(await token(), 'token 1');
  state.nowMs = hourMs - 5 * minuteMs - 1;
  assert.equal(await token(), 'token 1');
  state.nowMs += 1;
  assert.equal(await token(), 'token 2');
  assert.deepEqual(state.asked, ['scope', 'scope']);
});

test('a token is renewed when its issuer says so, if that is sooner', async () => {
  const { state, token } = issuer();
  state.refreshAfterMs = 10 * minuteMs;
  await token();
  state.nowMs = 10 * minuteMs;
  assert.equal(await token(), 'token 2');
});

test('all who ask at the same time wait for one answer', async () => {
  const { state, token } = issuer();
  assert.deepEqual(await Promise.all([token(), token(), token()]), ['token 1', 'token 1', 'token 1']);
  assert.equal(state.asked.length, 1);
});

test('while the issuer is away the old token serves to its end, and the next one is asked for each time', async () => {
  const { state, token } = issuer();
  await token();
  Object.assign(state, { away: true, nowMs: hourMs - 1 });
  assert.equal(await token(), 'token 1');
  state.nowMs = hourMs;
  await assert.rejects(token(), /the issuer is away/);
  state.away = false;
  assert.equal(await token(), 'token 4');
});

test('nobody who has a token for it is an error', async () => {
  const token = freshToken({ getToken: async () => null }, 'scope');
  await assert.rejects(token(), /no identity has a token for scope/);
});
