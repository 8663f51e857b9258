import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { showIn, themes } from './show-in.ts';

/** Where pictures of every screen are left for people to look at; none are taken when it is not set. */
const pictures = process.env.VERDICT_SCREENSHOTS;

/**
 * Fails when axe finds an accessibility violation on the screen, in the light or the dark theme. Where pictures are
 * wanted it also leaves one of each, named `<name>-<theme>.png`.
 */
export async function checkScreen(page: Page, name: string): Promise<void> {
  const found: string[] = [];
  for (const theme of themes) {
    await showIn(page, theme);
    if (pictures !== undefined) {
      await mkdir(pictures, { recursive: true });
      await page.screenshot({ path: path.join(pictures, `${name}-${theme}.png`) });
    }
    for (const violation of await violationsOn(page)) found.push(`${name}, ${theme}: ${violation}`);
  }
  assert.deepEqual(found, []);
}

/** What axe finds, one line per rule with the elements that break it. */
async function violationsOn(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate('axe.run(document)')) as AxeResults;
  return violations.map(({ id, help, nodes }) => {
    const where = nodes.slice(0, 5).map((node) => `${node.target.join(' ')} (${node.failureSummary ?? ''})`);
    return `${id}: ${help}: ${where.join('; ')}`;
  });
}
