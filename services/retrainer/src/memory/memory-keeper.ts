import { durationMs } from '@verdict/contracts';
import { type Clock, causedBy, noTracing, type Tracing } from '@verdict/process';
import type { AnomalyStore, LabelStore, OverlayStore } from '@verdict/storage';
import type { ReadVerdicts } from '../feedback/read-verdicts.ts';
import { readAnomalies } from '../labels/read-anomalies.ts';
import { Rounds } from '../rounds.ts';
import { type ServedModel, type ServedModelStores, servedModels } from '../served-models.ts';
import { overlayChange, wantedOverlay } from './wanted-overlay.ts';

export interface MemoryParts extends ServedModelStores {
  readonly anomalies: Pick<AnomalyStore, 'get'>;
  readonly labels: Pick<LabelStore, 'anomalies' | 'reviews'>;
  readonly overlays: Pick<OverlayStore, 'head' | 'entries' | 'amend'>;
  readonly clock: Clock;
  readonly tracing?: Tracing;
  /** Entries of a pool after it was brought in step wholly. */
  readonly onEntries: (pool: string, entries: number) => void;
  readonly onFailure: (error: unknown) => void;
}

const sweepEveryMs = 60_000;
/** How often it looks whether verdicts count otherwise than before: a flood was seen, or reviewed. */
const reviewsEveryMs = 3000;
/** More anomalies with new verdicts than this, or more series, are left to looking at everything. */
const mostTouched = 2000;
const mostSeries = 50;
/** Another process may amend the same overlay meanwhile; what is not settled then is so at the next sweep. */
const mostTries = 4;
const dayMs = 86_400_000;

/**
 * Keeps the false-alarm memory of all pools in step with people's verdicts: at once where verdicts were just recorded,
 * wholly at the start, every minute, and when a flood of verdicts was seen or reviewed. It runs beside the recording and never holds it up: what fails is tried again.
 *
 * Any number of processes may do so at once. Each reads the entries before the verdicts, so that it removes nothing on
 * verdicts older than the entry, and looks once more after every change: whoever changes last has seen all verdicts
 * recorded before, and whoever records a later one looks by itself.
 */
export class MemoryKeeper {
  readonly #parts: MemoryParts;
  readonly #rounds: Rounds;
  readonly #tracing: Tracing;
  /** Anomalies with verdicts that the memory may not show yet. */
  readonly #touched = new Set<string>();
  /** Spans in which these verdicts were recorded. */
  readonly #causes = new Set<string>();
  #sweepDueAtMs = Number.NEGATIVE_INFINITY;
  #reviews = 0;

  constructor(parts: MemoryParts) {
    this.#parts = parts;
    this.#tracing = parts.tracing ?? noTracing;
    this.#rounds = new Rounds({ clock: parts.clock, onFailure: parts.onFailure });
  }

  /** Verdicts were recorded, in a span that `traceparent` names; returns at once. */
  recorded({ events }: Pick<ReadVerdicts, 'events'>, traceparent?: string): void {
    if (events.length === 0) return;
    if (traceparent !== undefined) this.#causes.add(traceparent);
    if (this.#touched.size > mostTouched) this.#sweepDueAtMs = Number.NEGATIVE_INFINITY;
    else for (const { event } of events) this.#touched.add(event.anomalyId);
    this.#rounds.nudge();
  }

  /** Keeps in step until the signal. */
  run(signal: AbortSignal): Promise<void> {
    return this.#rounds.run(() => this.#round(signal), signal);
  }

  async #round(signal: AbortSignal): Promise<number> {
    const { clock, labels } = this.#parts;
    const reviews = await labels.reviews();
    if (reviews !== this.#reviews) this.#sweepDueAtMs = Number.NEGATIVE_INFINITY;
    this.#reviews = reviews;
    const touched = [...this.#touched];
    this.#touched.clear();
    const sweeps = clock.monotonicMs() >= this.#sweepDueAtMs;
    if (sweeps) this.#sweepDueAtMs = clock.monotonicMs() + sweepEveryMs;
    const causes = [...this.#causes];
    this.#causes.clear();
    try {
      const look = () => this.#look(touched, sweeps, signal);
      // What nobody's answer led to is the daily round, and no trace.
      await (causes.length === 0 ? look() : this.#tracing.span('follow answers', causedBy(causes), look));
    } catch (error) {
      for (const id of touched) this.#touched.add(id);
      for (const cause of causes) this.#causes.add(cause);
      if (sweeps) this.#sweepDueAtMs = Number.NEGATIVE_INFINITY;
      throw error;
    }
    return Math.min(reviewsEveryMs, Math.max(0, this.#sweepDueAtMs - clock.monotonicMs()));
  }

  async #look(touched: readonly string[], sweeps: boolean, signal: AbortSignal): Promise<void> {
    const models = sweeps || touched.length > 0 ? await servedModels(this.#parts) : [];
    const stale = sweeps
      ? new Map(models.map((model) => [model, null]))
      : await this.#seriesOf(touched, models, signal);
    for (const [model, series] of stale) await this.#bringInStep(model, series, signal);
  }

  /** Per model the series of these anomalies; an anomaly that is not there (yet) is found by a later sweep. */
  async #seriesOf(
    ids: readonly string[],
    models: readonly ServedModel[],
    signal: AbortSignal,
  ): Promise<Map<ServedModel, Set<string>>> {
    const series = new Map<ServedModel, Set<string>>();
    for (const id of ids) {
      signal.throwIfAborted();
      const anomaly = await this.#parts.anomalies.get(id);
      const model =
        anomaly && models.find((one) => one.namespace === anomaly.namespace && one.name === anomaly.model);
      if (!model) continue;
      series.set(model, (series.get(model) ?? new Set<string>()).add(anomaly.series));
    }
    return series;
  }

  /** `series` null = all of them. */
  async #bringInStep(
    model: ServedModel,
    series: ReadonlySet<string> | null,
    signal: AbortSignal,
  ): Promise<void> {
    const { overlays, onEntries } = this.#parts;
    const only = series && series.size <= mostSeries ? series : null;
    for (let tries = 0; tries < mostTries; tries += 1) {
      signal.throwIfAborted();
      const all = await overlays.entries(model.pool, await overlays.head(model.pool));
      const entries = only ? all.filter((entry) => only.has(entry.series)) : all;
      const change = overlayChange(entries, await this.#wanted(model, only, signal));
      if (!change) return onEntries(model.pool, all.length);
      const attributes = { 'verdict.pool': model.pool, 'verdict.entries': change.add.length };
      await this.#tracing.span('amend memory', { attributes }, async (span) => {
        const { traceparent } = this.#tracing.headers();
        span.set({ 'verdict.overlay': await overlays.amend(model.pool, { ...change, traceparent }) });
      });
    }
  }

  async #wanted(
    { namespace, name, spec }: ServedModel,
    only: ReadonlySet<string> | null,
    signal: AbortSignal,
  ) {
    const nowMs = this.#parts.clock.nowMs();
    const memoryMs = durationMs(spec.feedback.memory);
    // A confirmed anomaly forbids its like for longer than a short memory lasts. A day ahead: clocks differ.
    const window = { fromMs: nowMs - Math.max(memoryMs, 30 * dayMs), toMs: nowMs + dayMs };
    const judged = [];
    for (const series of only ?? [undefined]) {
      signal.throwIfAborted();
      const request = { namespace, model: name, ...window, ...(series !== undefined && { series }) };
      const anomalies = await readAnomalies(this.#parts.labels, request);
      judged.push(...anomalies.filter(({ verdicts }) => verdicts.length > 0));
    }
    return wantedOverlay(judged, { memoryMs, nowMs });
  }
}
