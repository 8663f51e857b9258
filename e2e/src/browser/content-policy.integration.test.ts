import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type RunningGateway, startGateway } from '../platform/start-gateway.ts';
import { type LaunchedBrowser, launchBrowser } from './launch-browser.ts';
import { type PageFaults, watchFaults } from './page-faults.ts';
import { signIn } from './sign-in.ts';

const ann = { username: 'ann', password: 'correct-horse-battery', roles: ['admin'] };
const patienceMs = 30_000;

describe('in a real browser that runs and styles nothing inline', { timeout: 240_000 }, () => {
  let gateway: RunningGateway;
  let launched: LaunchedBrowser;
  let page: Page;
  let faults: PageFaults;

  before(async () => {
    gateway = await startGateway({ users: [ann] });
    launched = await launchBrowser();
    const context = await launched.browser.newContext();
    context.setDefaultTimeout(patienceMs);
    page = await context.newPage();
    faults = watchFaults(page);
  });
  after(async () => {
    await launched?.close();
    await gateway?.stop();
  });

  test('the policy allows nothing inline, no evaluation, and no other origin', async () => {
    for (const path of ['/', '/docs', '/healthz', '/no-such-page']) {
      const policy = (await fetch(gateway.url + path)).headers.get('content-security-policy') ?? '';
      assert.match(policy, /default-src 'self'/);
      assert.doesNotMatch(policy, /unsafe|https?:|\*/, path);
    }
  });

  test('the documentation shows all routes, opens one, and breaks no rule', async () => {
    await page.goto(`${gateway.url}/docs`);
    const route = page.locator('.opblock', { hasText: '/auth/token' });
    await route.waitFor();
    assert.ok((await page.locator('.opblock').count()) > 30);
    await route.getByRole('button').first().click();
    await route.getByText('Request body').first().waitFor();
    assert.deepEqual(faults.take(), []);
  });

  test('the dashboard shows its screens, its menu and its dialogs, and breaks no rule', async () => {
    await page.goto(gateway.url);
    await signIn(page, ann);
    await page.getByRole('status', { name: 'Connection: Live' }).waitFor();
    // What is refused before anybody is logged in is not what this is about.
    faults.take();
    for (const name of ['Models', 'Coverage', 'Series', 'Inbox']) {
      await page
        .getByRole('link', { name: new RegExp(`^${name}`) })
        .first()
        .click();
      await page.getByRole('heading', { level: 1 }).waitFor();
    }
    await page.getByRole('button', { name: 'Account of ann' }).click();
    await page.getByRole('menuitem', { name: /Keyboard shortcuts/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    assert.equal(await page.evaluate('getComputedStyle(document.body).overflow'), 'hidden');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    assert.equal(await page.evaluate('getComputedStyle(document.body).overflow'), 'visible');
    assert.deepEqual(faults.take(), []);
  });
});
