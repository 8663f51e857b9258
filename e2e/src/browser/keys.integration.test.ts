import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type RunningGateway, startGateway } from '../platform/start-gateway.ts';
import { checkScreen } from './check-screen.ts';
import { type LaunchedBrowser, launchBrowser } from './launch-browser.ts';
import { type PageFaults, watchFaults } from './page-faults.ts';
import { signIn } from './sign-in.ts';

const patienceMs = 30_000;
const admin = { username: 'ada', password: 'correct-horse-battery', roles: ['admin'] };
const viewer = { username: 'vic', password: 'only-looks-at-things', roles: ['viewer'] };

// The steps build on each other: made, used, rotated, revoked.
describe('in a real browser, the API keys', { timeout: 240_000 }, () => {
  let gateway: RunningGateway;
  let launched: LaunchedBrowser;
  let page: Page;
  let faults: PageFaults;
  let first = '';
  let second = '';

  async function open(person: typeof admin): Promise<Page> {
    const context = await launched.browser.newContext({ viewport: { width: 1280, height: 800 } });
    context.setDefaultTimeout(patienceMs);
    const opened = await context.newPage();
    await opened.goto(`${gateway.url}/ui/keys`);
    await signIn(opened, person);
    return opened;
  }
  const rows = () => page.getByRole('table', { name: 'API keys' }).getByRole('row');
  const dialog = (name: string | RegExp) => page.getByRole('dialog', { name });
  /** What a producer is answered that sends one reading. */
  async function send(key: string, series: string): Promise<number> {
    const readings = [{ series, time: Date.now(), values: { cpu: 1 } }];
    const response = await fetch(`${gateway.url}/data`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': key },
      body: JSON.stringify({ readings }),
    });
    return response.status;
  }

  before(async () => {
    gateway = await startGateway({ users: [admin, viewer] });
    launched = await launchBrowser();
    page = await open(admin);
    faults = watchFaults(page);
  });
  after(async () => {
    await launched?.close();
    await gateway?.stop();
  });

  test('are made by keyboard alone, and shown once', async () => {
    await page.getByText('No key is good now').waitFor();
    await checkScreen(page, 'keys-none');
    await page.getByRole('button', { name: 'Make a key' }).focus();
    await page.keyboard.press('Enter');
    await dialog('Make an API key').waitFor();
    await page.keyboard.type('shop agents');
    await page.keyboard.press('Tab');
    await page.keyboard.type('shop/');
    await checkScreen(page, 'keys-make');
    await page.keyboard.press('Enter');
    const shown = dialog('The key of shop agents');
    first = (await shown.locator('pre').textContent()) ?? '';
    assert.match(first, /^vk_[0-9a-f]{12}_[\w-]{43}$/);
    await page.keyboard.press('Escape');
    await shown.getByRole('button', { name: 'Copy' }).waitFor();
    await checkScreen(page, 'keys-shown');
    await shown.getByRole('button', { name: 'I have stored it' }).click();
    await shown.waitFor({ state: 'detached' });
    await rows().nth(1).getByText('90 d left').waitFor();
    assert.ok(!(await page.content()).includes(first));
  });

  test('say what they may send and when they were last used', async () => {
    await rows().nth(1).getByText('never').waitFor();
    assert.equal(await send(first, 'shop/cart'), 202);
    assert.equal(await send(first, 'bank/ledger'), 403);
    await page.reload();
    await rows().nth(1).getByText('within the hour').waitFor();
    await rows().nth(1).getByText('shop/…').waitFor();
    await rows()
      .nth(1)
      .getByText(`${first.slice(0, 15)}_…`)
      .waitFor();
  });

  test('are rotated with an overlap in which both are good', async () => {
    await page.getByRole('button', { name: 'Rotate the key of shop agents' }).click();
    await dialog(/^Rotate the key/)
      .getByLabel('The old key stays good for')
      .selectOption('a week');
    await checkScreen(page, 'keys-rotate');
    await dialog(/^Rotate the key/)
      .getByRole('button', { name: 'Rotate' })
      .click();
    second = (await dialog('The key of shop agents').locator('pre').textContent()) ?? '';
    await page.getByRole('button', { name: 'I have stored it' }).click();
    await page.getByText('replaced, 7 d left').waitFor();
    assert.notEqual(first, second);
    for (const key of [first, second]) assert.equal(await send(key, 'shop/cart'), 202);
    await checkScreen(page, 'keys');
    await page.setViewportSize({ width: 390, height: 844 });
    await checkScreen(page, 'keys-narrow');
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  test('are revoked after one more question, and refused at once', async () => {
    const revoke = page.getByRole('button', { name: `Revoke ${first.slice(0, 15)}_… of shop agents` });
    await revoke.click();
    await dialog('Revoke the key of shop agents?').getByRole('button', { name: 'Cancel' }).click();
    assert.equal(await send(first, 'shop/cart'), 202);
    await revoke.click();
    await dialog('Revoke the key of shop agents?').getByText('This cannot be undone').waitFor();
    await checkScreen(page, 'keys-revoke');
    await dialog('Revoke the key of shop agents?').getByRole('button', { name: 'Revoke it' }).click();
    await revoke.waitFor({ state: 'detached' });
    assert.equal(await send(first, 'shop/cart'), 401);
    assert.equal(await send(second, 'shop/cart'), 202);
    await page.getByRole('button', { name: 'Ended (1)' }).click();
    await rows().getByText('revoked').waitFor();
    await checkScreen(page, 'keys-ended');
    assert.deepEqual(faults.take(), []);
  });

  test('are in the menu of admins, and kept from everybody else', async () => {
    await page.goto(`${gateway.url}/ui/coverage`);
    await page.getByRole('button', { name: 'Account of ada' }).click();
    await page.getByRole('menuitem', { name: 'API keys' }).click();
    await rows().nth(1).waitFor();
    assert.equal(await page.title(), 'API keys · Verdict');
    const other = await open(viewer);
    await other.getByText('API keys are for admins').waitFor();
    await other.getByRole('button', { name: 'Account of vic' }).click();
    await other.getByRole('menuitem', { name: 'Sign out' }).waitFor();
    assert.equal(await other.getByRole('menuitem', { name: 'API keys' }).count(), 0);
  });
});
