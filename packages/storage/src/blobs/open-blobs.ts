import { fileURLToPath } from 'node:url';
import type { TokenCredential } from '@azure/identity';
import { azureIdentity } from '../azure/azure-identity.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import { azureContainer } from './azure-container.ts';
import { openFolderBlobs } from './open-folder-blobs.ts';

const known =
  'give a folder as file:///path, or a container as https://ACCOUNT.blob.core.windows.net/CONTAINER';

/**
 * Opens the blob store that a text names: `file:///some/folder`, a container of Azure Blob Storage (which is opened
 * with `credential`), or Azurite (see `azureContainer`). Throws one clear sentence for any other.
 */
export async function openBlobs(
  where: string,
  credential: TokenCredential = azureIdentity(),
): Promise<BlobStore> {
  const parsed = URL.canParse(where) ? new URL(where) : null;
  if (parsed?.protocol === 'file:') return openFolderBlobs(fileURLToPath(parsed));
  const container = containerOf(where);
  if (container !== null) {
    // Where blobs are files, nobody waits for this library.
    const { openAzureBlobs } = await import('./open-azure-blobs.ts');
    return openAzureBlobs(container, credential);
  }
  const shown = parsed === null ? 'this is not a URL' : `${parsed.protocol}// is not known`;
  throw new Error(`cannot open the blob store: ${shown}; ${known}`);
}

function containerOf(where: string) {
  try {
    return azureContainer(where);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`cannot open the blob store: ${why}`, { cause });
  }
}
