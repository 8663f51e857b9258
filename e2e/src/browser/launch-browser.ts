import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { unpackChromium } from './unpack-chromium.ts';

/** A browser and how to be rid of it with all its files. */
export interface LaunchedBrowser {
  readonly browser: Browser;
  close(): Promise<void>;
}

/**
 * Starts a real Chromium: on Linux (x64) the one from npm, which needs nothing of the system; elsewhere the Chrome
 * that is installed. Each launch has files of its own.
 */
export async function launchBrowser(): Promise<LaunchedBrowser> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    const browser = await chromium.launch({ channel: 'chrome' });
    return { browser, close: () => browser.close() };
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'verdict-browser-'));
  const removeFolder = () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
  try {
    const browser = await launchUnpacked(folder);
    return {
      browser,
      async close() {
        await browser.close();
        await removeFolder();
      },
    };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}

async function launchUnpacked(folder: string): Promise<Browser> {
  const { executable, environment, unpackLibraries } = await unpackChromium(folder);
  const launch = (more: Record<string, string> = {}) =>
    chromium.launch({
      executablePath: executable,
      // The packaged build is a headless shell without a helper for its sandbox and without a GPU.
      args: ['--no-sandbox', '--no-zygote', '--disable-gpu', '--font-render-hinting=none'],
      env: { ...process.env, ...environment, ...more },
    });
  try {
    return await launch();
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('error while loading shared libraries'))
      throw error;
    return launch({ LD_LIBRARY_PATH: await unpackLibraries() });
  }
}
