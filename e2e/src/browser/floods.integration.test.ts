import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { PlatformClient } from '@verdict/platform-client';
import type { Page } from 'playwright-core';
import { until } from '../platform/until.ts';
import { bankSeries } from './bank-series.ts';
import { checkScreen } from './check-screen.ts';
import { admin, type OpenDashboard, openDashboard, patienceMs } from './open-dashboard.ts';
import type { PageFaults } from './page-faults.ts';
import { signIn } from './sign-in.ts';

const eve = { username: 'eve', password: 'never-slow-to-answer', roles: ['analyst'] };
/** More answers than these within a minute are a flood. */
const limit = 4;

// The steps build on each other, as a person's way through the product does.
describe('in a real browser, answers that come too fast', { timeout: 300_000 }, () => {
  let opened: OpenDashboard;
  let page: Page;
  let faults: PageFaults;
  let reviewer: PlatformClient;
  let flooder: PlatformClient;
  let anomalyId: string;

  const seen = <T>(ask: () => Promise<T | null>, what: string): Promise<T> =>
    until(patienceMs, ask, () => `never seen: ${what}`);
  const notice = () => page.getByRole('region', { name: 'Answers that wait for a review' });
  const said = () => page.getByRole('list', { name: 'Verdicts' }).getByRole('listitem');
  const flood = async (verdict: 'true' | 'false') => {
    for (let n = 0; n <= limit; n += 1) await flooder.sendFeedback({ anomalyId, verdict });
  };
  const judgement = async () => (await reviewer.receipt(anomalyId)).judgement;

  before(async () => {
    opened = await openDashboard({
      users: [eve],
      environment: { VERDICT_FLOOD_PER_MINUTE: String(limit) },
    });
    ({ page, faults } = opened);
    reviewer = opened.client();
    flooder = opened.client(eve);
    const ledger = bankSeries(reviewer, 'bank/ledger', Date.now() - 700_000);
    await ledger.quiet(200);
    await ledger.spike();
    await ledger.quiet(60);
    const first = async () => (await reviewer.anomalies({ series: ledger.series })).items[0] ?? null;
    anomalyId = (await seen(first, 'the first anomaly')).id;
    await signIn(page, admin);
  });

  after(async () => {
    await opened?.close();
  });

  test('wait for an admin, who is told whose they are and how fast they came', async () => {
    await flood('false');
    await seen(async () => ((await judgement()) === 'unjudged' ? true : null), 'that they count for nothing');
    await page.goto(`${opened.platform.url}/ui/inbox?anomaly=${anomalyId}`);
    await notice().getByText('Answers wait for your review').waitFor();
    await notice()
      .getByText(/^.*eve gave 5 answers \(5 false\), up to 5 a minute/)
      .waitFor();
    await said().getByText('waits for a review').waitFor();
    await checkScreen(page, 'flood');
  });

  test('count from the moment in which they are accepted', async () => {
    await notice().getByRole('button', { name: 'Accept' }).click();
    const dialog = page.getByRole('dialog', { name: 'Let these answers count?' });
    await dialog.getByText('This cannot be undone').waitFor();
    await checkScreen(page, 'flood-accept');
    await dialog.getByRole('button', { name: 'Let them count' }).click();
    await dialog.waitFor({ state: 'detached' });
    await notice().waitFor({ state: 'detached' });
    await said().getByText('waits for a review').waitFor({ state: 'detached' });
    assert.equal(await judgement(), 'false-alarm');
    await seen(async () => (await reviewer.receipt(anomalyId)).memory, 'the memory of the false alarm');
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
    assert.notEqual((await reviewer.receipt(anomalyId)).memory, null);
    assert.deepEqual(faults.take(), []);
  });
});
