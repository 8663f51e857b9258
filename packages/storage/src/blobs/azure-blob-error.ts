import { BlobStoreUnavailable, BlobTooLarge } from '../ports/blob-store.ts';

/** Code of the service or of the network, such as `BlobNotFound`; empty when there is none. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const said = 'details' in error ? error.details : null;
  // The body has it, or, where there is no body, a header.
  for (const from of [error, said])
    for (const key of ['code', 'errorCode'] as const) {
      const code: unknown = typeof from === 'object' && from !== null ? Reflect.get(from, key) : undefined;
      if (typeof code === 'string' && code !== '') return code;
    }
  return '';
}

/** Whether the service says that there is no such blob; a container that is missing is another matter. */
export function isMissing(error: unknown): boolean {
  return errorCode(error) === 'BlobNotFound';
}

/** One sentence for what went wrong: which store, what was asked of it, what it said. The cause keeps the rest. */
export function azureBlobError(
  error: unknown,
  asked: { store: string; what: string; slow: string | null },
): Error {
  if (error instanceof BlobTooLarge) return error;
  const said = asked.slow ?? sentence(error);
  return new BlobStoreUnavailable(`the blob store ${asked.store} cannot ${asked.what}: ${said}`, {
    cause: error,
  });
}

function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = errorCode(error);
  // The service's texts go on for lines: request ids, times.
  const first = error.message.split('\n')[0]?.trim() ?? '';
  const status = 'statusCode' in error && error.statusCode !== undefined ? `HTTP ${error.statusCode}` : '';
  const name = code || status || error.name;
  if (first === '') return name;
  return first.includes(name) ? first : `${name}: ${first}`;
}
