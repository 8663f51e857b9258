import { durationMs } from '@verdict/contracts';
import type { Clock } from '@verdict/process';
import type { LabelledAnomaly, LabelStore } from '@verdict/storage';
import { readAnomalies } from '../labels/read-anomalies.ts';
import type { ServedModel } from '../served-models.ts';

/** Read again after so long even when nothing is known to have changed: other processes record verdicts too. */
const mostAgeMs = 10_000;
/** Reading may take at most about this part of the time: a model with many anomalies is read less often. */
const pausePerRead = 10;
const dayMs = 86_400_000;

/** The labelled anomalies of a model's feedback window, read only when they may have changed. */
export class LabelCache {
  readonly #labels: Pick<LabelStore, 'anomalies'>;
  readonly #clock: Clock;
  #anomalies: readonly LabelledAnomaly[] = [];
  #key = '';
  #readAtMs = Number.NEGATIVE_INFINITY;
  #tookMs = 0;

  constructor(labels: Pick<LabelStore, 'anomalies'>, clock: Clock) {
    this.#labels = labels;
    this.#clock = clock;
  }

  /** `key` changes when verdicts or anomalies did; not `fresh` = they did, and are to be read a little later. */
  async read(
    { namespace, name, spec }: ServedModel,
    key: string,
  ): Promise<{ anomalies: readonly LabelledAnomaly[]; fresh: boolean }> {
    const beganMs = this.#clock.monotonicMs();
    const ageMs = beganMs - this.#readAtMs;
    if (ageMs < (key === this.#key ? mostAgeMs : Math.min(mostAgeMs, pausePerRead * this.#tookMs)))
      return { anomalies: this.#anomalies, fresh: key === this.#key };
    const nowMs = this.#clock.nowMs();
    this.#anomalies = await readAnomalies(this.#labels, {
      namespace,
      model: name,
      fromMs: nowMs - durationMs(spec.feedback.window),
      toMs: nowMs + dayMs,
    });
    this.#key = key;
    this.#readAtMs = this.#clock.monotonicMs();
    this.#tookMs = this.#readAtMs - beganMs;
    return { anomalies: this.#anomalies, fresh: true };
  }
}
