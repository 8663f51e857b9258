import type { TrainingRunView } from '@verdict/contracts';
import { BlobExists, type BlobStore, type ModelRow, type VersionRow } from '@verdict/storage';
import type { TrainingParts } from '../train/run-training.ts';

/** A registry in memory, as far as a training needs it. */
export class InMemoryRegistry implements Pick<TrainingParts, 'registry'> {
  readonly rows: ModelRow[] = [];
  readonly stored = new Map<number, VersionRow>();
  readonly runs = new Map<string, TrainingRunView>();
  #lastVersion = 0;

  readonly registry: TrainingParts['registry'] = {
    models: async () => this.rows,
    beginTraining: async ({ triggerId }) => {
      if (this.runs.has(triggerId)) return false;
      const startedAt = '2026-01-01T00:00:00.000Z';
      this.runs.set(triggerId, {
        triggerId,
        state: 'running',
        startedAt,
        endedAt: null,
        version: null,
        message: '',
      });
      return true;
    },
    endTraining: async ({ triggerId, state, version, message }) => {
      const run = this.runs.get(triggerId);
      if (!run) throw new Error(`${triggerId} never began`);
      if (run.state === 'running') this.runs.set(triggerId, { ...run, state, version, message });
    },
    trainings: async () => [...this.runs.values()].reverse(),
    reserveVersion: async () => {
      this.#lastVersion += 1;
      return this.#lastVersion;
    },
    putVersion: async (_namespace, _model, version) => {
      this.stored.set(version.version, version);
    },
  };
}

/** Blobs in memory: a name is taken once. */
export class InMemoryBlobs implements Pick<BlobStore, 'put' | 'get'> {
  readonly stored = new Map<string, Uint8Array>();

  async put(name: string, bytes: Uint8Array): Promise<void> {
    const there = this.stored.get(name);
    if (there && Buffer.compare(there, bytes) !== 0) throw new BlobExists(`${name} exists`);
    this.stored.set(name, bytes.slice());
  }

  async get(name: string): Promise<Uint8Array | null> {
    return this.stored.get(name) ?? null;
  }
}
