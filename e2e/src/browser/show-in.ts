import type { Page } from 'playwright-core';

/** Every screen is looked at in both. */
export const themes = ['light', 'dark'] as const;

/** Switches the theme and waits until the page is drawn in it: both picture and axe would meet a mixture otherwise. */
export async function showIn(page: Page, theme: (typeof themes)[number]): Promise<void> {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  await page.waitForFunction(`matchMedia('(prefers-color-scheme: ${theme})').matches`);
  await page.evaluate(drawn);
}

/** Resolves in the page after the next drawing and the end of every transition. */
const drawn = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  .then(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)))
  .then(() => undefined)`;
