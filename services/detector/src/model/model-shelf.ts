import type { DetectionModel } from '@verdict/detection';
import type { Clock, Logger } from '@verdict/process';
import { UnusableVersion } from '@verdict/storage';
import type { DetectorMetrics } from '../metrics.ts';
import { type ClosableNetwork, loadModel, type ModelSource } from './load-model.ts';
import { type SharedNetwork, sharedNetwork } from './shared-network.ts';

type Slot =
  | { readonly state: 'loading'; readonly done: Promise<DetectionModel> }
  | { readonly state: 'ready'; readonly model: DetectionModel; readonly network: FreeableNetwork }
  | { readonly state: 'failed'; readonly error: Error; readonly retryAtMs: number };

/** A net, and who asks it. */
interface FreeableNetwork extends Pick<ClosableNetwork, 'close'> {
  readonly busy: SharedNetwork['busy'];
}

/** So long a call that nobody waits for any more may hold up the closing of its net. */
const idleMs = 2000;
/** A version that could not be loaded is tried again after this long: its blobs may have come by then. */
const retryAfterMs = 5000;
/** That it still fails for the same reason is said again after this long. */
const sayAgainAfterMs = 600_000;

interface Surroundings {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Pick<DetectorMetrics, 'unusableVersions'>;
}

/** The trained versions that this process serves: each is loaded once and shared by all partitions. */
export class ModelShelf {
  readonly #source: ModelSource;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #metrics: Surroundings['metrics'];
  readonly #slots = new Map<number, Slot>();
  /** What was last said of versions that cannot be loaded, and how often each has failed for that reason. */
  readonly #said = new Map<number, { readonly reason: string; readonly atMs: number; failures: number }>();

  constructor(source: ModelSource, surroundings: Surroundings) {
    this.#source = source;
    this.#clock = surroundings.clock;
    this.#logger = surroundings.logger;
    this.#metrics = surroundings.metrics;
  }

  /** A version if it is loaded; else null, and the loading goes on (or begins) behind the caller's back. */
  ready(version: number): DetectionModel | null {
    const slot = this.#slots.get(version);
    if (slot?.state === 'ready') return slot.model;
    this.load(version).catch(() => {
      // Kept as the slot's error and logged where it happened; here nobody waits for it.
    });
    return null;
  }

  /** Loads a version, or joins the loading under way. Rejects with the error, for some seconds the last one. */
  load(version: number): Promise<DetectionModel> {
    const slot = this.#slots.get(version);
    if (slot?.state === 'ready') return Promise.resolve(slot.model);
    if (slot?.state === 'loading') return slot.done;
    if (slot?.state === 'failed' && this.#clock.monotonicMs() < slot.retryAtMs)
      return Promise.reject(slot.error);
    const done = this.#load(version);
    this.#slots.set(version, { state: 'loading', done });
    return done;
  }

  /** What the newest loading failed with; null when nothing is wrong (or nobody asked for it). */
  failure(version: number): Error | null {
    const slot = this.#slots.get(version);
    return slot?.state === 'failed' ? slot.error : null;
  }

  /** Frees the versions that nobody serves or wants any more. */
  async keepOnly(versions: ReadonlySet<number>): Promise<void> {
    const freed: [number, FreeableNetwork][] = [];
    for (const [version, slot] of [...this.#slots]) {
      if (versions.has(version) || slot.state === 'loading') continue;
      this.#slots.delete(version);
      this.#said.delete(version);
      if (slot.state === 'ready') freed.push([version, slot.network]);
    }
    // Off the shelf first, all of them, so that nobody takes one while another is being closed.
    for (const [version, network] of freed) await this.#close(version, network);
  }

  /** A shadow that gave no answer was left alone in the middle of a call, which may still come to an end. */
  async #close(version: number, network: FreeableNetwork): Promise<void> {
    const busy = network.busy();
    const late = Symbol('late');
    const timer = new AbortController();
    const isLate =
      busy !== null &&
      (await Promise.race([busy, this.#clock.sleep(idleMs, timer.signal).then(() => late)])) === late;
    timer.abort();
    if (isLate) this.#logger.error({ version }, 'a net still works on a call and is not closed');
    else await network.close();
  }

  async #load(version: number): Promise<DetectionModel> {
    const startedMs = this.#clock.monotonicMs();
    try {
      const { model, network } = await loadModel(this.#source, version);
      const net = sharedNetwork(network);
      const shared = { ...model, network: net };
      const freeable: FreeableNetwork = { close: () => network.close(), busy: net.busy };
      this.#slots.set(version, { state: 'ready', model: shared, network: freeable });
      this.#said.delete(version);
      this.#logger.info({ version, ms: Math.round(this.#clock.monotonicMs() - startedMs) }, 'model loaded');
      return shared;
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      const retryAtMs = this.#clock.monotonicMs() + retryAfterMs;
      this.#slots.set(version, { state: 'failed', error, retryAtMs });
      if (error instanceof UnusableVersion) this.#metrics.unusableVersions.inc({ fault: error.fault });
      this.#complain(version, error.message);
      throw error;
    }
  }

  /** An error in the log is for a human, who need not be told of the same one every five seconds. */
  #complain(version: number, reason: string): void {
    const nowMs = this.#clock.monotonicMs();
    const said = this.#said.get(version);
    const failures = said?.reason === reason ? said.failures + 1 : 1;
    if (said?.reason === reason && nowMs - said.atMs < sayAgainAfterMs) {
      said.failures = failures;
      return;
    }
    this.#said.set(version, { reason, atMs: nowMs, failures });
    this.#logger.error({ version, reason, failures }, 'a model version cannot be loaded');
  }
}
