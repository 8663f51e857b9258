import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TokenResponse } from '@verdict/contracts';
import { bearerOf, mayJudge } from './access-token.ts';
import { SessionStore } from './session-store.ts';

function tokenOf(claims: object): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig`;
}

const answer = {
  access_token: tokenOf({ sub: 'zoë', roles: ['analyst', 'unheard-of'] }),
  token_type: 'Bearer' as const,
  expires_in: 900,
};

/** A session whose clock is turned by hand; renewals are answered with what `next` gives. */
function made(next: () => Promise<TokenResponse | null>) {
  const clock = { nowMs: 1000 };
  const seen = { asked: 0, told: 0 };
  const session = new SessionStore({
    nowMs: () => clock.nowMs,
    renew: () => {
      seen.asked += 1;
      return next();
    },
    tellTabs: () => {
      seen.told += 1;
    },
  });
  return { session, clock, seen };
}

const newer = (mark: string): TokenResponse => ({
  ...answer,
  access_token: tokenOf({ sub: 'zoë', roles: ['analyst'], mark }),
});

test('the bearer is read from the token, unknown roles left out', () => {
  assert.deepEqual(bearerOf(answer.access_token), { person: 'zoë', roles: ['analyst'] });
  assert.equal(bearerOf('not a token'), null);
  assert.equal(bearerOf('a.%%%.c'), null);
  assert.equal(mayJudge(['viewer']), false);
  assert.equal(mayJudge(['admin']), true);
});

test('a token that ran out is renewed before it is used, once for all who ask', async () => {
  const { session, clock, seen } = made(async () => newer('second'));
  session.begin(answer, 'zoë');
  assert.equal(await session.fresh(), answer.access_token);
  clock.nowMs += 901_000;
  assert.equal(session.token(), null);
  const given = await Promise.all([session.fresh(), session.fresh(), session.fresh()]);
  assert.deepEqual(new Set(given), new Set([newer('second').access_token]));
  assert.equal(seen.asked, 1);
  session.end();
});

test('a token that was refused is replaced, and not again for a request that was late', async () => {
  const { session, seen } = made(async () => newer('second'));
  session.begin(answer, 'zoë');
  const second = await session.refused(answer.access_token);
  assert.equal(second, newer('second').access_token);
  assert.equal(await session.refused(answer.access_token), second);
  assert.equal(seen.asked, 1);
  session.end();
});

test('the end of a log-in keeps the person, so that the page can ask again; signing in goes on', async () => {
  const { session } = made(async () => null);
  session.begin(answer, 'zoë');
  assert.equal(await session.refused(answer.access_token), null);
  assert.deepEqual(session.state(), { kind: 'expired', person: 'zoë' });
  session.begin(answer, 'zoë');
  assert.equal(session.state().kind, 'active');
  session.end();
});

test('a gateway that cannot be asked ends nothing', async () => {
  const { session } = made(async () => Promise.reject(new Error('away')));
  session.begin(answer, 'zoë');
  assert.equal(await session.refused(answer.access_token), null);
  assert.equal(session.state().kind, 'active');
  session.end();
});

test('a page goes on with the log-in of its browser, and is nobody where that is over', async () => {
  const good = made(async () => answer);
  await good.session.resume('zoë');
  assert.equal(good.session.state().kind, 'active');
  good.session.end();
  const over = made(async () => null);
  await over.session.resume('zoë');
  assert.equal(over.session.state().kind, 'none');
});

test('signing out tells the other tabs, and a renewal that was under way changes nothing', async () => {
  let give: (answer: TokenResponse) => void = () => {};
  const late = new Promise<TokenResponse>((resolve) => {
    give = resolve;
  });
  const { session, seen } = made(() => late);
  session.begin(answer, 'zoë');
  const asked = session.refused(answer.access_token);
  session.end();
  give(newer('late'));
  assert.equal(await asked, null);
  assert.equal(session.state().kind, 'none');
  assert.equal(seen.told, 1);
  session.endHere();
  assert.equal(seen.told, 1);
});
