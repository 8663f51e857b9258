import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout, and the chart in it. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));
export const chart = path.join(root, 'charts', 'verdict');
