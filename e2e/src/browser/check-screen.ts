import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** Every screen is looked at in both. */
export const colorSchemes = ['light', 'dark'] as const;

/**
 * Fails when axe finds an accessibility violation on the screen, in the light or the dark theme. With `pictures`,
 * a folder, it also leaves a picture of each, named `<name>-<theme>.png`.
 */
export async function checkScreen(page: Page, name: string, pictures: string | undefined): Promise<void> {
  const found: string[] = [];
  for (const colorScheme of colorSchemes) {
    await showIn(page, colorScheme);
    if (pictures !== undefined) {
      await mkdir(pictures, { recursive: true });
      await page.screenshot({ path: path.join(pictures, `${name}-${colorScheme}.png`) });
    }
    for (const violation of await violationsOn(page)) found.push(`${name}, ${colorScheme}: ${violation}`);
  }
  assert.deepEqual(found, []);
}

/** Switches the theme and waits until the page is drawn in it: both picture and axe would meet a mixture otherwise. */
async function showIn(page: Page, colorScheme: (typeof colorSchemes)[number]): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.waitForFunction(`matchMedia('(prefers-color-scheme: ${colorScheme})').matches`);
  await page.evaluate(drawn);
}

/** Resolves in the page after the next drawing and the end of every transition. */
const drawn = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  .then(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)))
  .then(() => undefined)`;

/** What axe finds, one line per rule with the elements that break it. */
async function violationsOn(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate('axe.run(document)')) as AxeResults;
  return violations.map(({ id, help, nodes }) => {
    const where = nodes.slice(0, 5).map((node) => `${node.target.join(' ')} (${node.failureSummary ?? ''})`);
    return `${id}: ${help}: ${where.join('; ')}`;
  });
}
