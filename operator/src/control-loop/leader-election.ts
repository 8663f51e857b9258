import { type Clock, Gauge, type Logger, type Registry } from '@verdict/process';
import type { Leadership } from '../kube/fenced-client.ts';
import { checkTimings, defaultTimings, type ElectionTimings, jitterFactor } from './election-timings.ts';
import { LeaseLock, type LeaseLockOptions } from './lease-lock.ts';

export interface LeaderElectionOptions extends Omit<LeaseLockOptions, 'leaseMs'> {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default 15 s, 10 s, 2 s. */
  readonly timings?: ElectionTimings;
  readonly random?: () => number;
  readonly registry?: Registry;
  /** How long the leading part may take to stop before the lease is kept instead of released. Default 6 s. */
  readonly stopMs?: number;
}

/** How it ended: `lost` means that another may lead by now, so the process must end, with an error. */
export type ElectionEnd = 'stopped' | 'lost';

/**
 * One leader among replicas, by client-go's algorithm.
 *
 * Life: waiting (look every 2 to 4.4 s; take the lease when it is free or its holder was silent for 15 s) → leading
 * (renew every 2 s) → `stopped`: asked to, everything that leads has ended, the lease is given back; or `lost`: not
 * renewed for 10 s, or taken by another. A lost leader never leads again in this process: nobody knows what of it is
 * still under way.
 */
export class LeaderElection {
  readonly #options: LeaderElectionOptions;
  readonly #timings: ElectionTimings;
  readonly #lock: LeaseLock;
  readonly #status: (leading: boolean) => void;
  /** Begin of the last request that held the lease. */
  #heldAtMs: number | undefined;

  constructor(options: LeaderElectionOptions) {
    this.#options = options;
    this.#timings = options.timings ?? defaultTimings;
    checkTimings(this.#timings);
    this.#lock = new LeaseLock({ ...options, leaseMs: this.#timings.leaseMs });
    this.#status = leaderStatus(options.name, options.registry);
    this.#status(false);
  }

  /** True as long as no other replica can have taken over; by our own clock, even if nothing could be noticed yet. */
  isLeader(): boolean {
    if (this.#heldAtMs === undefined) return false;
    return this.#options.clock.monotonicMs() - this.#heldAtMs < this.#timings.leaseMs;
  }

  /** Identity of the leader that was seen last. */
  get leader(): string | undefined {
    return this.#lock.holder;
  }

  /**
   * Waits for the lead, then runs `lead` until the signal is aborted (then its leadership ends, and it has `stopMs` to
   * come to an end before the lease is given back) or the lead is lost. Rejects with what `lead` threw.
   */
  async run(signal: AbortSignal, lead: (leadership: Leadership) => Promise<void>): Promise<ElectionEnd> {
    const { logger, name } = this.#options;
    if (!(await this.#acquire(signal))) return 'stopped';
    logger.info({ lease: name }, 'leading');
    this.#status(true);
    const ending = new AbortController();
    const leading = lead({ signal: ending.signal, holds: () => !ending.signal.aborted && this.isLeader() });
    const renewing = new AbortController();
    const stop = (): void => renewing.abort();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    // A lead that ends by itself, well or badly, ends the election.
    leading.then(stop, stop);
    const kept = await this.#renew(renewing.signal);
    signal.removeEventListener('abort', stop);
    ending.abort();
    if (!kept) return this.#lose(leading);
    return await this.#resign(leading);
  }

  async #acquire(signal: AbortSignal): Promise<boolean> {
    const { clock, logger, random = Math.random, name } = this.#options;
    let told: string | undefined;
    while (!signal.aborted) {
      if (await this.#try(this.#timings.renewDeadlineMs / 2, signal)) return true;
      if (this.leader !== told) logger.info({ lease: name, leader: this.leader }, 'another replica leads');
      told = this.leader;
      const waitMs = this.#timings.retryMs * (1 + jitterFactor * random());
      // Rejects only when we are to stop; the loop sees that.
      await clock.sleep(waitMs, signal).catch(() => undefined);
    }
    return false;
  }

  /** Resolves to true when the signal asks to stop, to false when the lead is lost. */
  async #renew(signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#options;
    const { retryMs, renewDeadlineMs, leaseMs } = this.#timings;
    for (;;) {
      await clock.sleep(retryMs, signal).catch(() => undefined);
      if (signal.aborted) return this.isLeader();
      const silentMs = clock.monotonicMs() - (this.#heldAtMs ?? Number.NEGATIVE_INFINITY);
      if (silentMs >= renewDeadlineMs) return false;
      // A try that hangs must leave time for another one.
      const held = await this.#try(Math.min(renewDeadlineMs - silentMs, leaseMs / 3), signal);
      const taken = this.leader !== undefined && this.leader !== this.#options.identity;
      if (!held && taken) return false;
    }
  }

  async #try(timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    const { clock, logger, name } = this.#options;
    const askedAtMs = clock.monotonicMs();
    try {
      const held = await this.#lock.hold({ signal, timeoutMs });
      if (held) this.#heldAtMs = askedAtMs;
      return held;
    } catch (error) {
      if (signal.aborted) return false;
      logger.warn({ lease: name, err: error }, 'the lease could not be asked for');
      return false;
    }
  }

  #lose(leading: Promise<void>): ElectionEnd {
    const { logger, name } = this.#options;
    this.#heldAtMs = undefined;
    this.#status(false);
    // What it throws now comes from being cut off; the process ends anyway.
    leading.catch((error) => logger.warn({ err: error }, 'cut off'));
    logger.error({ lease: name, leader: this.leader }, 'lost the lead: everything stops');
    return 'lost';
  }

  async #resign(leading: Promise<void>): Promise<ElectionEnd> {
    const { clock, logger, name, stopMs = 6000 } = this.#options;
    const timer = new AbortController();
    const late = clock.sleep(stopMs, timer.signal).then(
      () => 'late' as const,
      () => 'ended' as const,
    );
    try {
      const end = await Promise.race([leading.then(() => 'ended' as const), late]);
      if (end === 'late') {
        logger.warn({ lease: name }, 'did not stop in time: the lease is left to run out');
        return 'stopped';
      }
      await this.#lock.release({ timeoutMs: this.#timings.retryMs });
      return 'stopped';
    } finally {
      timer.abort();
      this.#heldAtMs = undefined;
      this.#status(false);
    }
  }
}

function leaderStatus(name: string, registry: Registry | undefined): (leading: boolean) => void {
  if (registry === undefined) return () => undefined;
  const status = new Gauge({
    name: 'leader_election_master_status',
    help: '1 if this replica leads, 0 if it waits.',
    labelNames: ['name'],
    registers: [registry],
  });
  return (leading) => status.set({ name }, leading ? 1 : 0);
}
