import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Anomaly } from '@verdict/contracts';
import type { PlatformClient } from '@verdict/platform-client';
import type { Page } from 'playwright-core';
import { until } from '../platform/until.ts';
import { type BankSeries, bankSeries } from './bank-series.ts';
import { checkScreen } from './check-screen.ts';
import { admin, type OpenDashboard, openDashboard, patienceMs } from './open-dashboard.ts';
import type { PageFaults } from './page-faults.ts';
import { signIn } from './sign-in.ts';

// The steps build on each other, as a person's way through the product does.
describe('in a real browser, from the log-in to the verdict', { timeout: 300_000 }, () => {
  let opened: OpenDashboard;
  let page: Page;
  let faults: PageFaults;
  let client: PlatformClient;
  let ledger: BankSeries;
  let cards: BankSeries;

  const anomaliesOf = async (series: string): Promise<Anomaly[]> =>
    (await client.anomalies({ series })).items;
  const firstAnomalyOf = (series: string): Promise<Anomaly> =>
    until(
      patienceMs,
      async () => (await anomaliesOf(series))[0] ?? null,
      () => `no anomaly of ${series}`,
    );
  const verdictsOn = async (id: string) => (await client.anomaly(id)).verdicts;
  const openPlace = (name: string) => page.getByRole('navigation').getByRole('link', { name }).click();
  const rowOf = (series: string) =>
    page.getByRole('list', { name: 'Anomalies' }).getByRole('link', { name: series });

  const latencyChart = () =>
    page
      .getByRole('figure', { name: /latency_p99 over time/ })
      .locator('svg path')
      .first();

  before(async () => {
    opened = await openDashboard();
    ({ page, faults } = opened);
    client = opened.client();
    const startMs = Date.now() - 265_000;
    ledger = bankSeries(client, 'bank/ledger', startMs);
    cards = bankSeries(client, 'bank/cards', startMs);
  });

  after(async () => {
    await opened?.close();
  });

  test('a wrong password is refused in words, the right one leads to the first-start page', async () => {
    await signIn(page, { ...admin, password: 'not-the-password' });
    await page.getByRole('alert').getByText('User name or password is wrong').waitFor();
    await checkScreen(page, 'sign-in');
    const [refused, ...others] = faults.take();
    assert.match(refused ?? '', /401.*\/auth\/token/);
    assert.deepEqual(others, []);
    await signIn(page, admin);
    await page.getByText('Waiting for the first readings').waitFor();
    await page.getByRole('status', { name: 'Connection: Live' }).waitFor();
    await checkScreen(page, 'first-start');
  });

  test('an anomaly is in the inbox, opened and explained by keyboard', async () => {
    await Promise.all([ledger.quiet(200), cards.quiet(200)]);
    await ledger.spike();
    await ledger.quiet(60);
    await firstAnomalyOf(ledger.series);
    await rowOf(ledger.series).first().waitFor();
    await page.keyboard.press('j');
    const chosen = page.getByRole('region', { name: 'Chosen anomaly' });
    await chosen
      .getByRole('heading', { name: /bank\/ledger latency_p99 was 2\.\d+, expected 0\.\d+/ })
      .waitFor();
    await latencyChart().waitFor();
    await chosen.getByRole('region', { name: 'Contributions' }).getByText('latency_p99').waitFor();
    await checkScreen(page, 'inbox');
  });

  test('a false alarm with its reason is counted and is still there after a reload', async () => {
    const { id } = await firstAnomalyOf(ledger.series);
    await page.keyboard.press('f');
    await page.getByRole('button', { name: 'False alarm', pressed: true }).waitFor();
    await page.getByRole('radio', { name: 'deployment' }).click();
    const mine = page.getByRole('list', { name: 'Verdicts' });
    await mine.getByText('(deployment)').waitFor();
    await page.getByText('counted').waitFor();
    await page.reload();
    await mine.getByText('said false alarm').waitFor();
    await latencyChart().waitFor();
    await mine.getByText('(deployment)').waitFor();
    await checkScreen(page, 'inbox-judged');
    const [verdict, ...others] = await verdictsOn(id);
    assert.deepEqual(others, []);
    assert.deepEqual(
      { person: verdict?.person, verdict: verdict?.verdict, reason: verdict?.reason },
      { person: 'admin', verdict: 'false', reason: 'deployment' },
    );
  });

  test('an answer is undone with one key', async () => {
    const { id } = await firstAnomalyOf(ledger.series);
    await page.keyboard.press('u');
    await page.getByRole('list', { name: 'Verdicts' }).waitFor({ state: 'detached' });
    await until(
      patienceMs,
      async () => ((await verdictsOn(id)).length === 0 ? true : null),
      () => 'the verdict was not withdrawn',
    );
    await page.getByText('taking it back').waitFor({ state: 'detached' });
  });

  test('another anomaly appears while the page is open, and what is being read stays', async () => {
    assert.equal(await rowOf(cards.series).count(), 0);
    const read = page.getByRole('region', { name: 'Chosen anomaly' }).getByRole('heading', { level: 2 });
    const before = await read.textContent();
    await cards.spike();
    await rowOf(cards.series).first().waitFor();
    assert.equal(await read.textContent(), before);
  });

  test('every other screen shows the series and passes axe', async () => {
    await openPlace('Series');
    await page.getByRole('list', { name: 'Series' }).getByRole('link', { name: ledger.series }).click();
    await latencyChart().waitFor();
    await page.getByRole('region', { name: 'Anomalies in this range' }).getByRole('link').first().waitFor();
    await checkScreen(page, 'series');

    await openPlace('Coverage');
    const row = page.getByRole('row', { name: new RegExp(ledger.series) });
    // On a slow machine its last reading may be old by now.
    await row.getByText(/^(scored|stale)$/).waitFor();
    await checkScreen(page, 'coverage');

    await openPlace('Models');
    await page.getByRole('list', { name: 'Models' }).getByRole('link', { name: 'default' }).click();
    await page.getByText('every signal by itself').waitFor();
    await checkScreen(page, 'models');

    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await checkScreen(page, 'keys');
    await page.keyboard.press('Escape');
    await openPlace('Inbox');
    await rowOf(ledger.series).first().waitFor();
    assert.deepEqual(faults.take(), []);
  });

  test('a lost connection is said, and what was missed is fetched when it is back', async () => {
    const missed = bankSeries(client, 'bank/loans', Date.now() - 265_000);
    await missed.quiet(200);
    process.kill(await opened.platform.pidOf('gateway'), 'SIGKILL');
    await page.getByRole('alert').getByText('Connection lost').waitFor();
    await checkScreen(page, 'connection-lost');
    // The page stays cut off while the anomaly comes and goes, so it can hear of it only by asking.
    await opened.context.setOffline(true);
    await until(
      patienceMs,
      async () => ((await client.ready()) ? true : null),
      () => `the gateway did not come back:\n${opened.platform.output()}`,
    );
    await missed.spike();
    await missed.quiet(60);
    await firstAnomalyOf(missed.series);
    assert.equal(await rowOf(missed.series).count(), 0);
    await opened.context.setOffline(false);
    await rowOf(missed.series).first().waitFor();
    await page.getByRole('status', { name: 'Connection: Live' }).waitFor();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    const unexpected = faults
      .take()
      .filter((fault) => !/net::ERR_|WebSocket connection|Failed to load resource/.test(fault));
    assert.deepEqual(unexpected, []);
  });
});
