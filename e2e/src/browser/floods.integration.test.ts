import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createPlatformClient, type PlatformClient } from '@verdict/platform-client';
import type { Page } from 'playwright-core';
import { adminPassword, type RunningPlatform, startPlatform, until } from '../platform/start-platform.ts';
import { bankSeries } from './bank-series.ts';
import { checkScreen } from './check-screen.ts';
import { type LaunchedBrowser, launchBrowser } from './launch-browser.ts';
import { type PageFaults, watchFaults } from './page-faults.ts';
import { signIn } from './sign-in.ts';

/** Where pictures of every screen are left for people to look at; none are taken when it is not set. */
const pictures = process.env.VERDICT_SCREENSHOTS;
const eve = { username: 'eve', password: 'never-slow-to-answer', roles: ['analyst'] };
const patienceMs = 30_000;
/** More answers than these within a minute are a flood. */
const limit = 4;

// The steps build on each other, as a person's way through the product does.
describe('in a real browser, answers that come too fast', { timeout: 300_000 }, () => {
  let root: string;
  let platform: RunningPlatform;
  let launched: LaunchedBrowser;
  let page: Page;
  let faults: PageFaults;
  let admin: PlatformClient;
  let flooder: PlatformClient;
  let anomalyId: string;

  const seen = <T>(ask: () => Promise<T | null>, what: string): Promise<T> =>
    until(patienceMs, ask, () => `never seen: ${what}`);
  const notice = () => page.getByRole('region', { name: 'Answers that wait for a review' });
  const said = () => page.getByRole('list', { name: 'Verdicts' }).getByRole('listitem');
  const flood = async (verdict: 'true' | 'false') => {
    for (let n = 0; n <= limit; n += 1) await flooder.sendFeedback({ anomalyId, verdict });
  };
  const judgement = async () => (await admin.receipt(anomalyId)).judgement;

  before(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'verdict-browser-test-'));
    // Root hands PostgreSQL to another user, who must be able to pass through.
    await chmod(root, 0o711);
    const users = path.join(root, 'users.json');
    await writeFile(users, JSON.stringify([eve]), { mode: 0o600 });
    const environment = { VERDICT_USERS_FILE: users, VERDICT_FLOOD_PER_MINUTE: String(limit) };
    [platform, launched] = await Promise.all([
      startPlatform({ dataFolder: path.join(root, 'data'), environment }),
      launchBrowser(),
    ]);
    const client = (username: string, password: string) =>
      createPlatformClient({ url: platform.url, credentials: { username, password } });
    admin = client('admin', adminPassword);
    flooder = client(eve.username, eve.password);
    const ledger = bankSeries(admin, 'bank/ledger', Date.now() - 700_000);
    await ledger.quiet(200);
    await ledger.spike();
    await ledger.quiet(60);
    const first = async () => (await admin.anomalies({ series: ledger.series })).items[0] ?? null;
    anomalyId = (await seen(first, 'the first anomaly')).id;
    const context = await launched.browser.newContext({
      viewport: { width: 1440, height: 900 },
      reducedMotion: 'reduce',
      colorScheme: 'light',
    });
    context.setDefaultTimeout(patienceMs);
    page = await context.newPage();
    faults = watchFaults(page);
    await page.goto(platform.url);
    await signIn(page, { username: 'admin', password: adminPassword });
  });

  after(async () => {
    await launched?.close();
    await platform?.stop();
    await rm(root, { recursive: true, force: true });
  });

  test('wait for an admin, who is told whose they are and how fast they came', async () => {
    await flood('false');
    await seen(async () => ((await judgement()) === 'unjudged' ? true : null), 'that they count for nothing');
    await page.goto(`${platform.url}/ui/inbox?anomaly=${anomalyId}`);
    await notice().getByText('Answers wait for your review').waitFor();
    await notice()
      .getByText(/^.*eve gave 5 answers \(5 false\), up to 5 a minute/)
      .waitFor();
    await said().getByText('waits for a review').waitFor();
    await checkScreen(page, 'flood', pictures);
  });

  test('count from the moment in which they are accepted', async () => {
    await notice().getByRole('button', { name: 'Accept' }).click();
    const dialog = page.getByRole('dialog', { name: 'Let these answers count?' });
    await dialog.getByText('This cannot be undone').waitFor();
    await checkScreen(page, 'flood-accept', pictures);
    await dialog.getByRole('button', { name: 'Let them count' }).click();
    await dialog.waitFor({ state: 'detached' });
    await notice().waitFor({ state: 'detached' });
    await said().getByText('waits for a review').waitFor({ state: 'detached' });
    assert.equal(await judgement(), 'false-alarm');
    await seen(async () => (await admin.receipt(anomalyId)).memory, 'the memory of the false alarm');
  });

  test('never count when they are discarded, and what was said before stands', async () => {
    await flood('true');
    await notice()
      .getByText(/5 true/)
      .waitFor();
    assert.equal(await judgement(), 'false-alarm');
    await notice().getByRole('button', { name: 'Discard' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Discard them' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await notice().waitFor({ state: 'detached' });
    await said().getByText('was discarded by a review').waitFor();
    assert.equal(await judgement(), 'false-alarm');
    assert.notEqual((await admin.receipt(anomalyId)).memory, null);
    assert.deepEqual(faults.take(), []);
  });
});
