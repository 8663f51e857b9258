import type { Page } from 'playwright-core';

/** Fills in the form that is on the page and sends it. */
export async function signIn(page: Page, login: { username: string; password: string }): Promise<void> {
  await page.getByLabel('User name').fill(login.username);
  await page.getByLabel('Password').fill(login.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}
