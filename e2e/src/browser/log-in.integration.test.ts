import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { type RunningGateway, startGateway } from '../platform/start-gateway.ts';
import { type LaunchedBrowser, launchBrowser } from './launch-browser.ts';
import { watchFaults } from './page-faults.ts';
import { signIn } from './sign-in.ts';

const ann = { username: 'ann', password: 'correct-horse-battery', roles: ['analyst'] };
const patienceMs = 30_000;

describe('in a real browser, a log-in', { timeout: 240_000 }, () => {
  let gateway: RunningGateway;
  let launched: LaunchedBrowser;
  let context: BrowserContext;
  const tabs: Page[] = [];

  async function open(path = '/'): Promise<Page> {
    const page = await context.newPage();
    tabs.push(page);
    await page.goto(gateway.url + path);
    return page;
  }
  const live = (page: Page) => page.getByRole('status', { name: 'Connection: Live' }).waitFor();
  const secret = async () =>
    (await context.cookies(`${gateway.url}/auth`)).find(({ name }) => name === 'verdict_session');

  before(async () => {
    gateway = await startGateway({ users: [ann] });
    launched = await launchBrowser();
    context = await launched.browser.newContext();
    context.setDefaultTimeout(patienceMs);
  });
  after(async () => {
    await launched?.close();
    await gateway?.stop();
  });

  test('is kept in a cookie that scripts cannot read, and no token lies in the storage', async () => {
    const page = await open();
    await signIn(page, ann);
    await live(page);
    const cookie = await secret();
    assert.deepEqual([cookie?.httpOnly, cookie?.sameSite, cookie?.path], [true, 'Strict', '/auth']);
    const readable = await page.evaluate(
      'JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }])',
    );
    assert.doesNotMatch(String(readable), /vr_|eyJ/);
  });

  test('outlives a reload, and is shared by new tabs, without a word of complaint', async () => {
    const [page] = tabs;
    assert.ok(page);
    const faults = watchFaults(page);
    const before = (await secret())?.value;
    await page.reload();
    await live(page);
    assert.notEqual((await secret())?.value, before);
    const more = await Promise.all([open('/ui/models'), open('/ui/series'), open('/ui/coverage')]);
    for (const tab of more) await live(tab);
    await Promise.all(tabs.map((tab) => tab.reload()));
    for (const tab of tabs) await live(tab);
    assert.deepEqual(faults.take(), []);
    assert.doesNotMatch(gateway.output(), /a used refresh token came back/);
  });

  test('is over in all tabs when one signs out, and the cookie is gone', async () => {
    const [page, other] = tabs;
    assert.ok(page && other);
    await page.getByRole('button', { name: 'Account of ann' }).click();
    const answered = page.waitForResponse((response) => response.url().endsWith('/auth/log-out'));
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    assert.deepEqual(await (await answered).json(), { ended: 1 });
    for (const tab of tabs) await tab.getByRole('button', { name: 'Sign in' }).waitFor();
    assert.equal(await secret(), undefined);
    await other.reload();
    await other.getByRole('button', { name: 'Sign in' }).waitFor();
  });

  test('that a thief renewed ends for both, and the page asks to sign in again', async () => {
    const [page] = tabs;
    assert.ok(page);
    await signIn(page, ann);
    await live(page);
    const stolen = (await secret())?.value ?? '';
    await page.reload();
    await live(page);
    const now = await secret();
    assert.ok(now && now.value !== stolen);
    const renew = (refresh_token: string) =>
      fetch(`${gateway.url}/auth/refresh`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ refresh_token }),
      });
    // The thief has the token of now; the page's next renewal moves on, and the thief's second one gives it away.
    const thief = (await (await renew(now.value)).json()) as { refresh_token: string };
    await renew(thief.refresh_token);
    assert.equal((await renew(stolen)).status, 401);
    await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
    await signIn(page, ann);
    await live(page);
  });
});
