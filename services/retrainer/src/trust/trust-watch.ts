import type { PlanStore, RegistryStore } from '@verdict/storage';
import type { ReadVerdicts } from '../feedback/read-verdicts.ts';
import { Rounds } from '../rounds.ts';
import { servedModels } from '../served-models.ts';
import { type LookParts, ModelLook } from './model-look.ts';

export interface TrustWatchParts extends LookParts {
  readonly registry: Pick<RegistryStore, 'models' | 'versions'>;
  readonly plans: Pick<PlanStore, 'pools' | 'poolState'>;
  readonly onFailure: (error: unknown) => void;
}

const lookEveryMs = 2000;

/**
 * Looks every two seconds whether the models can still be trusted. One process does so at a time, by the lease of one
 * partition; should two do so for a moment, the store lets only one of them write, so nothing is counted twice.
 */
export class TrustWatch {
  readonly #parts: TrustWatchParts;
  #recorded = 0;

  constructor(parts: TrustWatchParts) {
    this.#parts = parts;
  }

  /** Verdicts were recorded here: the next look reads them. */
  recorded({ events, missed }: Pick<ReadVerdicts, 'events' | 'missed'>): void {
    this.#recorded += events.length + missed.length;
  }

  /** Watches until the signal; a look under way ends after its present question to the database. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, onFailure, metrics } = this.#parts;
    const looks = new Map<string, ModelLook>();
    await new Rounds({ clock, onFailure }).run(async () => {
      await this.#round(looks, signal);
      return lookEveryMs;
    }, signal);
    metrics.forget();
  }

  /** All models, whatever becomes of one of them; rejects with what the first of those that failed said. */
  async #round(looks: Map<string, ModelLook>, signal: AbortSignal): Promise<void> {
    const models = await servedModels(this.#parts);
    const names = new Set(models.map(({ namespace, name }) => `${namespace}/${name}`));
    for (const name of looks.keys()) if (!names.has(name)) looks.delete(name);
    const failures: unknown[] = [];
    for (const model of models) {
      signal.throwIfAborted();
      const key = `${model.namespace}/${model.name}`;
      const look = looks.get(key) ?? new ModelLook(this.#parts);
      looks.set(key, look);
      await look
        .look({ model, recorded: this.#recorded, signal })
        .catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }
}
