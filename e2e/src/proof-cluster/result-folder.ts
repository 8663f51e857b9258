import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { root } from './checkout.ts';

/** Where results are written, from the checkout. */
export const resultsIn = 'dist/e2e';

/** The same folder, which is made where it is not there. */
export async function resultFolder(): Promise<string> {
  const folder = path.join(root, resultsIn);
  await mkdir(folder, { recursive: true });
  return folder;
}
