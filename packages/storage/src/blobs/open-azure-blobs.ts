import type { TokenCredential } from '@azure/identity';
import { ContainerClient } from '@azure/storage-blob';
import { BlobExists, type BlobStore, BlobTooLarge } from '../ports/blob-store.ts';
import { azureBlobError, errorCode, isMissing } from './azure-blob-error.ts';
import type { AzureContainer } from './azure-container.ts';
import { checkBlobName } from './blob-name.ts';
import { mostBlobBytes } from './open-folder-blobs.ts';

/** How large blobs may be, and how patient to be. */
export interface AzureBlobLimits {
  /** Larger blobs are neither put nor got, for both happens in memory. Default: {@link mostBlobBytes}. */
  readonly mostBytes?: number;
  /** How long one operation may take, with all its attempts. Default 30 s. */
  readonly withinMs?: number;
  /** How long one attempt may take. Default 10 s. */
  readonly attemptMs?: number;
  /** Attempts at most; there are pauses between them that grow up to 2 s. Default 4. */
  readonly attempts?: number;
  /** Names that a page of a listing has at most. Default 5000, the most that Azure gives. */
  readonly pageNames?: number;
}

/**
 * Blobs in a container of Azure Blob Storage, which keeps three copies at least before it answers. A blob is created
 * on condition that there is none (`If-None-Match: *`), so of two writers one wins; where an answer was lost and the
 * blob is found to be there already, equal bytes mean that it was ours.
 */
export async function openAzureBlobs(
  where: AzureContainer,
  credential: TokenCredential,
  limits: AzureBlobLimits = {},
): Promise<BlobStore> {
  const { mostBytes = mostBlobBytes, withinMs = 30_000, attemptMs = 10_000, attempts = 4 } = limits;
  const { pageNames = 5000 } = limits;
  const retryOptions = {
    maxTries: attempts,
    tryTimeoutInMs: attemptMs,
    retryDelayInMs: 200,
    maxRetryDelayInMs: 2_000,
  };
  const container =
    'url' in where
      ? new ContainerClient(where.url, credential, { retryOptions })
      : new ContainerClient(where.connectionString, where.container, { retryOptions });

  /** Runs one operation within its time; what the client throws becomes one sentence. */
  const within = async <T>(what: string, work: (abortSignal: AbortSignal) => Promise<T>): Promise<T> => {
    const signal = AbortSignal.timeout(withinMs);
    try {
      return await work(signal);
    } catch (error) {
      const slow = signal.aborted ? `no answer within ${withinMs} ms` : null;
      throw azureBlobError(error, { store: container.url.split('?')[0] ?? '', what, slow });
    }
  };

  const get = (name: string): Promise<Uint8Array | null> =>
    within(`get ${name}`, async (abortSignal) => {
      try {
        const found = await container
          .getBlobClient(name)
          .download(0, undefined, { abortSignal, maxRetryRequests: attempts - 1 });
        return await collect(name, found, mostBytes);
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    });

  const put = async (name: string, bytes: Uint8Array): Promise<void> => {
    if (bytes.length > mostBytes) throw tooLarge(name, bytes.length, mostBytes);
    const created = await within(`put ${name}`, async (abortSignal) => {
      try {
        // A view: the client writes what is in it, and reads no more than the length.
        const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
        const conditions = { ifNoneMatch: '*' };
        await container.getBlockBlobClient(name).upload(body, body.length, { abortSignal, conditions });
        return true;
      } catch (error) {
        const code = errorCode(error);
        if (code !== 'BlobAlreadyExists' && code !== 'ConditionNotMet') throw error;
        return false;
      }
    });
    if (created) return;
    const there = await get(name);
    if (there === null || Buffer.compare(there, bytes) !== 0)
      throw new BlobExists(`the blob ${name} exists with other content`);
  };

  if ('connectionString' in where)
    await within('make the container', (abortSignal) => container.createIfNotExists({ abortSignal }));
  return {
    put: async (name, bytes) => {
      checkBlobName(name);
      await put(name, bytes);
    },
    get: async (name) => {
      checkBlobName(name);
      return get(name);
    },
    delete: async (name) => {
      checkBlobName(name);
      await within(`delete ${name}`, (abortSignal) =>
        container.getBlobClient(name).deleteIfExists({ abortSignal, deleteSnapshots: 'include' }),
      );
    },
    list: (prefix) =>
      within(`list ${prefix}`, async (abortSignal) => {
        const names: string[] = [];
        const pages = container.listBlobsFlat({ prefix, abortSignal }).byPage({ maxPageSize: pageNames });
        for await (const { segment } of pages) for (const { name } of segment.blobItems) names.push(name);
        return names.sort((a, b) => (a < b ? -1 : 1));
      }),
  };
}

interface Found {
  readonly contentLength?: number | undefined;
  readonly readableStreamBody?: NodeJS.ReadableStream | undefined;
}

async function collect(name: string, found: Found, mostBytes: number): Promise<Uint8Array> {
  const { contentLength = 0, readableStreamBody: stream } = found;
  if (stream === undefined) throw new Error(`the blob ${name} came without a body`);
  if (contentLength > mostBytes) {
    // Nobody reads on: the connection is of no use any more.
    if ('destroy' in stream && typeof stream.destroy === 'function') stream.destroy();
    throw tooLarge(name, contentLength, mostBytes);
  }
  const bytes = Buffer.alloc(contentLength);
  let length = 0;
  for await (const chunk of stream) {
    const part = Buffer.from(chunk);
    if (length + part.length <= contentLength) part.copy(bytes, length);
    length += part.length;
  }
  if (length !== contentLength)
    throw new Error(`the blob ${name} came with ${length} bytes instead of ${contentLength}`);
  return bytes;
}

function tooLarge(name: string, bytes: number, mostBytes: number): BlobTooLarge {
  return new BlobTooLarge(`the blob ${name} has ${bytes} bytes, more than ${mostBytes}`);
}
