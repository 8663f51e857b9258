/** Named immutable bytes: model artefacts and snapshots of state. Names are paths such as `models/shop/3/model.onnx`. */
export interface BlobStore {
  /** Creates; durable when the promise resolves. Throws `BlobExists` when the name is taken by other bytes; equal bytes are fine. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** Null when there is none. */
  get(name: string): Promise<Uint8Array | null>;
  /** Does nothing when there is none. */
  delete(name: string): Promise<void>;
  /** Names that start with the prefix, ascending. */
  list(prefix: string): Promise<string[]>;
}

export class BlobExists extends Error {
  override readonly name = 'BlobExists';
}

/** A blob has more bytes than its store takes, or hands over at once. */
export class BlobTooLarge extends Error {
  override readonly name = 'BlobTooLarge';
}

/** The store cannot be asked, or refuses to serve: away, too slow, not allowed. The message says which. */
export class BlobStoreUnavailable extends Error {
  override readonly name = 'BlobStoreUnavailable';
}
