import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { freePorts } from '@verdict/storage/free-ports';
import type { BrowserContext, Page, WebSocket } from 'playwright-core';
import { io } from 'socket.io-client';
import { type RunningGateway, startGateway } from '../platform/start-gateway.ts';
import { until } from '../platform/until.ts';
import { checkScreen } from './check-screen.ts';
import { type LaunchedBrowser, launchBrowser } from './launch-browser.ts';
import { watchFaults } from './page-faults.ts';
import {
  dashboardClient,
  type RunningIdentityProvider,
  startIdentityProvider,
} from './start-identity-provider.ts';

const patienceMs = 30_000;
const roles = [{ claim: 'roles', value: 'Verdict.Admin', roles: ['admin'] }];

describe('in a real browser, a log-in at an identity provider', { timeout: 240_000 }, () => {
  let folder: string;
  let provider: RunningIdentityProvider | undefined;
  let gateway: RunningGateway;
  let launched: LaunchedBrowser;
  let url: string;
  let issuer: string;
  let startProvider: () => Promise<RunningIdentityProvider>;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'verdict-browser-oidc-'));
    const secretFile = path.join(folder, 'client-secret');
    const [port = 0, providerPort = 0] = await freePorts(2);
    // Another site than that of the provider, as it is in the world: that decides which cookies go along.
    url = `http://localhost:${port}`;
    issuer = `http://127.0.0.1:${providerPort}`;
    startProvider = () => startIdentityProvider(providerPort, `${url}/auth/oidc/callback`);
    await writeFile(secretFile, dashboardClient.secret, { mode: 0o600 });
    gateway = await startGateway({
      users: [{ username: 'ann', password: 'correct-horse-battery', roles: ['analyst'] }],
      environment: {
        VERDICT_PORT: String(port),
        VERDICT_PUBLIC_URL: url,
        VERDICT_OIDC_ISSUER: issuer,
        VERDICT_OIDC_CLIENT_ID: dashboardClient.id,
        VERDICT_OIDC_CLIENT_SECRET_FILE: secretFile,
        VERDICT_OIDC_ROLES: JSON.stringify(roles),
        VERDICT_OIDC_LABEL: 'Example Org',
      },
    });
    launched = await launchBrowser();
  });
  after(async () => {
    await launched?.close();
    await gateway?.stop();
    await provider?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** A browser that has been nowhere yet. */
  async function newPerson(): Promise<{ context: BrowserContext; page: Page }> {
    const context = await launched.browser.newContext({ viewport: { width: 1280, height: 800 } });
    context.setDefaultTimeout(patienceMs);
    // A font that the provider's pages want; nobody is to be asked who is not here.
    await context.route('https://fonts.googleapis.com/**', (route) => route.abort());
    return { context, page: await context.newPage() };
  }
  const leave = (page: Page) => page.getByRole('link', { name: 'Sign in with Example Org' }).click();
  const live = (page: Page) => page.getByRole('status', { name: 'Connection: Live' }).waitFor();
  const account = (page: Page, name: string) => page.getByRole('button', { name: `Account of ${name}` });

  /** Fills in the provider's own pages: who one is, and that one agrees. */
  async function passProvider(page: Page, login: string): Promise<void> {
    await page.getByPlaceholder('Enter any login').fill(login);
    await page.getByPlaceholder('and password').fill('any');
    await page.getByRole('button', { name: 'Sign-in' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
  }

  /** Logs in as the administrator whom the provider knows; opens `at` first. */
  async function logIn(page: Page, at = '/ui/models'): Promise<void> {
    await page.goto(url + at);
    await leave(page);
    await passProvider(page, 'olga@example.org');
    await live(page);
  }

  test('is said to be impossible for now while the provider is away', async () => {
    const { context, page } = await newPerson();
    await page.goto(`${url}/ui/models`);
    await leave(page);
    await page.getByRole('alert').getByText('The identity provider cannot be reached now').waitFor();
    await checkScreen(page, 'sign-in-unreachable');
    provider = await startProvider();
    await leave(page);
    await passProvider(page, 'olga@example.org');
    await live(page);
    assert.equal(page.url(), `${url}/ui/models`);
    await context.close();
  });

  test('goes there with PKCE, and comes back to the page that was wanted, named and with the mapped roles', async () => {
    const { context, page } = await newPerson();
    const faults = watchFaults(page);
    await page.goto(`${url}/ui/models`);
    await page.getByRole('link', { name: 'Sign in with Example Org' }).waitFor();
    await checkScreen(page, 'sign-in-provider');
    const asked = page.waitForRequest((request) => request.url().startsWith(`${issuer}/auth?`));
    await leave(page);
    const { searchParams } = new URL((await asked).url());
    assert.equal(searchParams.get('code_challenge_method'), 'S256');
    assert.equal(searchParams.get('response_type'), 'code');
    assert.ok((searchParams.get('code_challenge') ?? '').length >= 43);
    await passProvider(page, 'olga@example.org');
    await live(page);
    assert.equal(page.url(), `${url}/ui/models`);
    await account(page, 'oidc:olga@example.org').click();
    await page.getByRole('menu').getByText('admin', { exact: true }).waitFor();
    await checkScreen(page, 'account-menu-provider');
    const readable = await page.evaluate(
      'JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }])',
    );
    assert.doesNotMatch(String(readable), /vr_|eyJ|code_verifier/);
    await page.keyboard.press('Escape');
    await page.reload();
    await live(page);
    assert.deepEqual(
      faults.take().filter((fault) => !fault.includes('fonts.googleapis.com')),
      [],
    );
    await context.close();
  });

  test('that is cancelled is told in words, and can be tried again', async () => {
    const { context, page } = await newPerson();
    await page.goto(`${url}/ui/coverage`);
    await leave(page);
    await page.getByRole('link', { name: 'Cancel' }).click();
    await page.getByRole('alert').getByText('The log-in was cancelled').waitFor();
    await checkScreen(page, 'sign-in-cancelled');
    await leave(page);
    await passProvider(page, 'olga@example.org');
    await live(page);
    assert.equal(page.url(), `${url}/ui/coverage`);
    await context.close();
  });

  test('of a person without a mapped role is told in words, and begins nothing', async () => {
    const { context, page } = await newPerson();
    await page.goto(url);
    await leave(page);
    await passProvider(page, 'otto@example.org');
    await page.getByRole('alert').getByText('You are known, but have no role here yet').waitFor();
    await checkScreen(page, 'sign-in-no-role');
    const cookies = (await context.cookies(`${url}/auth`)).map(({ name }) => name);
    assert.deepEqual(
      cookies.filter((name) => name.startsWith('verdict_')),
      [],
    );
    await context.close();
  });

  test('ends everywhere with signing out: in all tabs, on live connections, and for the tokens that are left', async () => {
    const { context, page } = await newPerson();
    const sockets: WebSocket[] = [];
    context.on('page', (tab) => tab.on('websocket', (socket) => sockets.push(socket)));
    page.on('websocket', (socket) => sockets.push(socket));
    const renewed = page.waitForResponse(
      (response) => response.url().endsWith('/auth/refresh') && response.ok(),
    );
    await logIn(page);
    const { access_token: token } = (await (await renewed).json()) as { access_token: string };
    const other = await context.newPage();
    await other.goto(`${url}/ui/coverage`);
    await live(other);
    // A program that has the token, and does not care what happens in the tab that it is from.
    const program = io(url, { auth: { token }, reconnection: false, transports: ['websocket'] });
    const cut = new Promise<string>((resolve) => program.on('disconnect', resolve));
    await until(
      patienceMs,
      async () => (program.connected ? true : null),
      () => 'the program is not let in',
    );
    await account(page, 'oidc:olga@example.org').click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    for (const tab of [page, other]) await tab.getByRole('button', { name: 'Sign in' }).waitFor();
    await cut;
    await until(
      patienceMs,
      async () => (sockets.length >= 2 && sockets.every((socket) => socket.isClosed()) ? true : null),
      () => `${sockets.length} sockets, and one of them is still open`,
    );
    const refused = await fetch(`${url}/models`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(refused.status, 401);
    await other.reload();
    await other.getByRole('button', { name: 'Sign in' }).waitFor();
    await context.close();
  });

  test('that ended while the page was open is offered at the provider again, and leads back to the page', async () => {
    const { context, page } = await newPerson();
    await logIn(page);
    const [cookie] = (await context.cookies(`${url}/auth`)).filter(({ name }) => name === 'verdict_session');
    const ended = await fetch(`${url}/auth/log-out?everywhere=true`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refresh_token: cookie?.value }),
    });
    assert.equal(ended.status, 200);
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.waitFor();
    await checkScreen(page, 'session-ended-provider');
    await dialog.getByRole('link', { name: 'Sign in with Example Org' }).click();
    await live(page);
    assert.equal(page.url(), `${url}/ui/models`);
    await dialog.waitFor({ state: 'detached' });
    await context.close();
  });
});
