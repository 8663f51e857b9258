import { BlobExists, type BlobStore } from '@verdict/storage';

/** Blobs in a map. */
export class MemoryBlobs implements BlobStore {
  readonly blobs = new Map<string, Uint8Array>();

  async put(name: string, bytes: Uint8Array): Promise<void> {
    const present = this.blobs.get(name);
    if (present !== undefined && !Buffer.from(present).equals(bytes)) throw new BlobExists(name);
    this.blobs.set(name, Uint8Array.from(bytes));
  }

  async get(name: string): Promise<Uint8Array | null> {
    return this.blobs.get(name) ?? null;
  }

  async delete(name: string): Promise<void> {
    this.blobs.delete(name);
  }

  async list(prefix: string): Promise<string[]> {
    return [...this.blobs.keys()].filter((name) => name.startsWith(prefix)).sort();
  }
}
