import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { readingFlags } from '@verdict/contracts';
import type { PlatformClient } from '@verdict/platform-client';
import type { Page } from 'playwright-core';
import { until } from '../platform/until.ts';
import { type BankSeries, bankSeries } from './bank-series.ts';
import { checkScreen } from './check-screen.ts';
import { admin, type OpenDashboard, openDashboard, patienceMs } from './open-dashboard.ts';
import type { PageFaults } from './page-faults.ts';
import { signIn } from './sign-in.ts';

// The steps build on each other, as a person's way through the product does.
describe('in a real browser, what an answer changes', { timeout: 300_000 }, () => {
  let opened: OpenDashboard;
  let page: Page;
  let faults: PageFaults;
  let client: PlatformClient;
  let ledger: BankSeries;

  const anomalies = async () => (await client.anomalies({ series: ledger.series })).items;
  const seen = <T>(ask: () => Promise<T | null>, what: string): Promise<T> =>
    until(patienceMs, ask, () => `never seen: ${what}`);
  const openPlace = (name: string) => page.getByRole('navigation').getByRole('link', { name }).click();
  const rows = (list: string) =>
    page.getByRole('list', { name: list }).getByRole('link', { name: 'bank/ledger' });
  const effect = () => page.getByRole('region', { name: 'What it did' });

  before(async () => {
    opened = await openDashboard();
    ({ page, faults } = opened);
    client = opened.client();
    ledger = bankSeries(client, 'bank/ledger', Date.now() - 700_000);
    await signIn(page, admin);
    await ledger.quiet(200);
    await ledger.spike();
    await ledger.quiet(60);
    await seen(async () => (await anomalies())[0] ?? null, 'the first anomaly');
  });

  after(async () => {
    await opened?.close();
  });

  test('a false alarm shows what it did, and its like stays quiet', async () => {
    await rows('Anomalies').first().waitFor();
    await page.keyboard.press('j');
    await page.getByRole('region', { name: 'Chosen anomaly' }).waitFor();
    await page.keyboard.press('f');
    await effect()
      .getByText(/^quiet until/)
      .waitFor();
    await checkScreen(page, 'receipt');
    const quieted = async () => {
      // Detectors ask for the memory every two seconds: spikes that come faster become usual before it is in force.
      await setTimeout(2500);
      await ledger.spike();
      await ledger.quiet(60);
      const { flags } = await client.history(ledger.series, {
        from: new Date(Date.now() - 3_600_000).toISOString(),
        points: 0,
      });
      return flags.some((bits) => (bits & readingFlags.quieted) !== 0) ? true : null;
    };
    await seen(quieted, 'a quieted reading');
  });

  test('the answer is taken back, and with it what it did', async () => {
    const before = (await anomalies()).find(({ verdicts }) => verdicts.length > 0);
    await page.keyboard.press('u');
    await effect().waitFor({ state: 'detached' });
    const forgotten = async () => ((await client.receipt(before?.id ?? '')).memory === null ? true : null);
    await seen(forgotten, 'the end of the memory');
  });

  test('the queue asks for the few answers that tell most', async () => {
    await page.keyboard.press('w');
    await rows('Worth your verdict').first().waitFor();
    await page.keyboard.press('j');
    await page.getByText('Why this one:').first().waitFor();
    await checkScreen(page, 'worth-your-verdict');
    await page.keyboard.press('t');
    await page.getByRole('region', { name: 'Your last answer' }).waitFor();
    const confirmed = async () =>
      (await anomalies()).some(({ verdicts }) => verdicts.some(({ verdict }) => verdict === 'true'))
        ? true
        : null;
    await seen(confirmed, 'the answer');
  });

  test('a missed anomaly is reported on the chart and taken back', async () => {
    await openPlace('Series');
    await page.getByRole('list', { name: 'Series' }).getByRole('link', { name: ledger.series }).click();
    await page.getByRole('button', { name: 'Report a missed anomaly' }).click();
    const form = page.getByRole('form', { name: 'Report a missed anomaly' });
    await form.getByLabel('Reason (optional)').fill('slow for customers');
    await checkScreen(page, 'report-missed');
    await form.getByRole('button', { name: 'Send the report' }).click();
    const reports = page.getByRole('list', { name: 'Missed anomalies' });
    await reports.getByText('slow for customers').waitFor();
    await seen(async () => ((await client.missed()).length === 1 ? true : null), 'the report');
    await reports.getByRole('button', { name: 'Take back' }).click();
    await seen(async () => ((await client.missed()).length === 0 ? true : null), 'the end of the report');
  });

  test('trust is shown, and a training that somebody asks for answers', async () => {
    await openPlace('Models');
    await page.getByRole('list', { name: 'Models' }).getByRole('link', { name: 'default' }).click();
    await page.getByRole('region', { name: 'Trust' }).getByText('not enough answers').waitFor();
    await checkScreen(page, 'trust');
    await page.getByRole('button', { name: 'Retrain now' }).click();
    const asked = async () => {
      const model = (await client.models()).find(({ name }) => name === 'default');
      return model?.trainings.find(({ triggerId }) => triggerId.startsWith('asked-')) ?? null;
    };
    await seen(asked, 'the training');
  });

  test('rollouts are paused and go on by a button', async () => {
    await openPlace('Rollout');
    await page.getByRole('list', { name: 'Pools' }).getByRole('link', { name: 'default' }).click();
    const commands = page.getByRole('region', { name: 'Commands' });
    await commands.getByRole('button', { name: 'Pause' }).click();
    await commands.getByRole('button', { name: 'Resume' }).waitFor();
    await checkScreen(page, 'rollout');
    await commands.getByRole('button', { name: 'Resume' }).click();
    await commands.getByRole('button', { name: 'Pause' }).waitFor();
    const paused = (await client.pools()).find(({ name }) => name === 'default')?.rollout.state?.paused;
    assert.equal(paused, null);
    assert.deepEqual(faults.take(), []);
  });
});
