import { fileURLToPath } from 'node:url';
import type { BlobStore } from '../ports/blob-store.ts';
import { openFolderBlobs } from './open-folder-blobs.ts';

/** Opens the blob store that a URL names: `file:///some/folder`. Throws one clear sentence for any other. */
export async function openBlobs(url: string): Promise<BlobStore> {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed?.protocol === 'file:') return openFolderBlobs(fileURLToPath(parsed));
  const shown = parsed === null ? 'this is not a URL' : `${parsed.protocol}// is not known`;
  throw new Error(`cannot open the blob store: ${shown}; give a folder as file:///path`);
}
