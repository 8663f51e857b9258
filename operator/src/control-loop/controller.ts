import { type Clock, type Logger, noTracing, type Tracing } from '@verdict/process';
import { isConflict, KubeError } from '../kube/kube-error.ts';
import { nameOf, type ObjectKey } from '../kube/kube-object.ts';
import { type ControllerMetrics, noControllerMetrics } from './controller-metrics.ts';
import type { KeySource } from './key-sources.ts';
import type { Outcome } from './outcome.ts';
import type { Reconcile } from './reconciler.ts';
import type { RetryLimits } from './retry-delays.ts';
import { WorkQueue } from './work-queue.ts';
import type { QueueMetrics } from './work-queue-metrics.ts';

export interface ControllerOptions {
  /** As in metrics and logs: `detector-pool`. */
  readonly name: string;
  /** Made by ownKeys, ownerKeys, mappedKeys. Work begins when all their informers have synced. */
  readonly sources: readonly KeySource[];
  readonly reconcile: Reconcile;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Keys looked at side by side; default 2. */
  readonly workers?: number;
  /** After so long a reconcile's signal is aborted, and it counts as failed; default 60 s. */
  readonly deadlineMs?: number;
  /** How long a stop lets running reconciles finish before it aborts their signals; default 4 s. */
  readonly stopMs?: number;
  readonly retryLimits?: RetryLimits;
  readonly queueMetrics?: QueueMetrics;
  readonly metrics?: ControllerMetrics;
  /** Each look is a span `reconcile <name>`. */
  readonly tracing?: Tracing;
}

/** After the signals of reconciles were aborted at a stop: how long it is waited for them. */
const abortedMs = 1500;

/**
 * One kind, brought step by step to what its objects want: sources tell keys, the queue lines them up, workers look at
 * one key each. Stop in three stages: no new key is taken; running reconciles may finish; their signals are aborted.
 */
export class Controller {
  readonly #options: ControllerOptions;
  readonly #queue: WorkQueue<ObjectKey>;
  readonly #metrics: ControllerMetrics;
  /** Aborted at the end of a stop: every running reconcile is to give up. */
  readonly #giveUp = new AbortController();

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#metrics = options.metrics ?? noControllerMetrics;
    const { clock, retryLimits, queueMetrics } = options;
    this.#queue = new WorkQueue({ clock, retryLimits, metrics: queueMetrics });
  }

  /** Looks at a key as soon as there is a worker, for what no object tells: an answer of the platform, a request. */
  enqueue(key: ObjectKey): void {
    this.#queue.add(key);
  }

  /** For a page that people look at when something is wrong. */
  state() {
    return { controller: this.#options.name, inLine: this.#queue.depth, working: this.#queue.working };
  }

  /** Works until the signal is aborted; resolves when nothing of it runs any more, or what does was left alone. */
  async run(signal: AbortSignal): Promise<void> {
    const { sources, workers = 2, name, logger } = this.#options;
    this.#metrics.workers(workers);
    try {
      await Promise.all(sources.map(({ informer }) => informer.whenSynced(signal)));
    } catch (error) {
      if (signal.aborted) return this.#queue.shutDown();
      throw error;
    }
    const ends = sources.map((source) => source.start((key) => this.#queue.add(key)));
    logger.info({ controller: name, workers }, 'reconciling');
    const running = Promise.all(Array.from({ length: workers }, () => this.#work()));
    try {
      // The workers end only when the queue is shut down; a rejection is a bug of theirs.
      await Promise.race([aborted(signal), running]);
    } finally {
      for (const end of ends) end();
      await this.#stop();
    }
  }

  async #work(): Promise<void> {
    for (let key = await this.#queue.take(); key !== undefined; key = await this.#queue.take()) {
      try {
        await this.#look(key);
      } finally {
        this.#queue.done(key);
      }
    }
  }

  async #look(key: ObjectKey): Promise<void> {
    const { clock } = this.#options;
    const beganMs = clock.monotonicMs();
    this.#metrics.began();
    let how: Outcome['kind'] | 'thrown' = 'thrown';
    try {
      const outcome = await this.#traced(key);
      how = outcome.kind;
      this.#queue.forget(key);
      if (outcome.kind === 'again') this.#queue.addAfter(key, outcome.afterMs);
    } catch (error) {
      this.#noteFailure(key, error);
    } finally {
      this.#metrics.ended(how, (clock.monotonicMs() - beganMs) / 1000);
    }
  }

  #traced(key: ObjectKey): Promise<Outcome> {
    const { tracing = noTracing, name } = this.#options;
    if (!tracing.on) return this.#reconcile(key);
    const { namespace, name: object } = nameOf(key);
    const failures = this.#queue.failures(key);
    const attributes = { 'k8s.namespace.name': namespace, 'k8s.object.name': object, failures };
    return tracing.span(`reconcile ${name}`, { attributes }, async (span) => {
      const outcome = await this.#reconcile(key);
      span.set({ outcome: outcome.kind, ...(outcome.kind === 'stalled' && { reason: outcome.reason }) });
      return outcome;
    });
  }

  /** One reconcile with its deadline. One that does not heed its signal keeps the key: it must never run twice. */
  async #reconcile(key: ObjectKey): Promise<Outcome> {
    const { clock, deadlineMs = 60_000, reconcile } = this.#options;
    const controller = new AbortController();
    const giveUp = (): void => controller.abort(this.#giveUp.signal.reason);
    this.#giveUp.signal.addEventListener('abort', giveUp, { once: true });
    const timer = new AbortController();
    const late = new Error(`not done within ${deadlineMs} ms`);
    clock.sleep(deadlineMs, timer.signal).then(
      () => controller.abort(late),
      // Switched off: it was in time.
      () => undefined,
    );
    try {
      const failures = this.#queue.failures(key);
      const outcome = await reconcile(key, { signal: controller.signal, failures });
      controller.signal.throwIfAborted();
      return outcome;
    } finally {
      timer.abort();
      this.#giveUp.signal.removeEventListener('abort', giveUp);
    }
  }

  #noteFailure(key: ObjectKey, error: unknown): void {
    const { logger, name } = this.#options;
    if (this.#giveUp.signal.aborted) return;
    const failures = this.#queue.failures(key) + 1;
    const waitMs = this.#queue.retry(key, error instanceof KubeError ? error.retryAfterMs : 0);
    const seen = { controller: name, key, failures, retryInMs: Math.round(waitMs), err: error };
    // That somebody else wrote first is daily life: the next look sees it.
    if (isConflict(error)) logger.debug(seen, 'reconcile met a change, trying again');
    else logger.warn(seen, 'reconcile failed, trying again');
  }

  async #stop(): Promise<void> {
    const { clock, logger, name, stopMs = 4000 } = this.#options;
    const drained = this.#queue.drain();
    if (await inTime(drained, clock, stopMs)) return;
    this.#giveUp.abort(new Error('the operator stops'));
    if (await inTime(drained, clock, abortedMs)) return;
    logger.warn(
      { controller: name, keys: this.#queue.working },
      'left running: they do not heed their signal',
    );
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function inTime(done: Promise<void>, clock: Clock, ms: number): Promise<boolean> {
  const timer = new AbortController();
  const late = clock.sleep(ms, timer.signal).then(
    () => false,
    // Switched off: it was done in time.
    () => true,
  );
  try {
    return await Promise.race([done.then(() => true), late]);
  } finally {
    timer.abort();
  }
}
