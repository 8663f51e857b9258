import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createPlatformClient, type PlatformClient } from '@verdict/platform-client';
import type { BrowserContext, Page } from 'playwright-core';
import { adminPassword, type RunningPlatform, startPlatform } from '../platform/start-platform.ts';
import { launchBrowser } from './launch-browser.ts';
import { type PageFaults, watchFaults } from './page-faults.ts';

/** A user beside the admin. */
export interface OtherUser {
  readonly username: string;
  readonly password: string;
  readonly roles: readonly string[];
}

/** The whole platform, a browser, and a page that shows the log-in. */
export interface OpenDashboard {
  readonly platform: RunningPlatform;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly faults: PageFaults;
  /** What a user asks of the platform beside the page; the admin unless said. */
  client(user?: Pick<OtherUser, 'username' | 'password'>): PlatformClient;
  close(): Promise<void>;
}

/** Who is always there. */
export const admin = { username: 'admin', password: adminPassword };

/** Long enough for a busy machine; nothing waits for it to pass. */
export const patienceMs = 30_000;

/** Starts the platform in a folder of its own and opens its dashboard in a real browser. */
export async function openDashboard({
  users = [],
  environment = {},
}: {
  users?: readonly OtherUser[];
  environment?: Record<string, string>;
} = {}): Promise<OpenDashboard> {
  const root = await mkdtemp(path.join(tmpdir(), 'verdict-browser-test-'));
  // Root hands PostgreSQL to another user, who must be able to pass through.
  await chmod(root, 0o711);
  const usersFile = path.join(root, 'users.json');
  await writeFile(usersFile, JSON.stringify(users), { mode: 0o600 });
  const [started, launched] = await Promise.allSettled([
    startPlatform({
      dataFolder: path.join(root, 'data'),
      environment: { ...(users.length > 0 && { VERDICT_USERS_FILE: usersFile }), ...environment },
    }),
    launchBrowser(),
  ]);
  const close = async () => {
    if (launched.status === 'fulfilled') await launched.value.close();
    if (started.status === 'fulfilled') await started.value.stop();
    await rm(root, { recursive: true, force: true });
  };
  try {
    if (started.status === 'rejected') throw started.reason;
    if (launched.status === 'rejected') throw launched.reason;
    const platform = started.value;
    const context = await launched.value.browser.newContext({
      viewport: { width: 1440, height: 900 },
      reducedMotion: 'reduce',
      colorScheme: 'light',
    });
    context.setDefaultTimeout(patienceMs);
    const page = await context.newPage();
    const faults = watchFaults(page);
    await page.goto(platform.url);
    const client = ({ username, password }: Pick<OtherUser, 'username' | 'password'> = admin) =>
      createPlatformClient({ url: platform.url, credentials: { username, password } });
    return { platform, context, page, faults, client, close };
  } catch (error) {
    await close();
    throw error;
  }
}
