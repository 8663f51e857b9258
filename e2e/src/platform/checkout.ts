import { fileURLToPath } from 'node:url';

/** Folder that everything of Verdict lies in. */
export const checkout = fileURLToPath(new URL('../../..', import.meta.url));
