import type { Lease, Member } from '../lease-store.ts';
import { beforeDeadline } from './before-deadline.ts';
import { ClaimBackOff } from './claim-back-off.ts';
import { HeldPartition, LeaseLost } from './held-partition.ts';
import { type Situation, whichToClaim, whichToRelease } from './partition-choice.ts';
import type { ConsumerTiming, RunningPartitions, RunPartitionsOptions } from './run-partitions.ts';

/** A lease that runs out before the next heartbeat is looked at so long after its end, or after now. */
const afterExpiryMs = 20;

/** How long `stop` waits for consumers to end before it gives their leases back all the same. */
const endWithinMs = 5_000;
/** How long giving back may take at the stop, so that a database that hangs does not use up the process's time. */
const giveBackWithinMs = 1_500;

// For this process every partition is in one of these states:
//
//   foreign ── claim succeeded ──► reading ── told to end ──► ending ── consumer ended, lease given back ──► foreign
//                                     └─────── consumer ended by itself ──────────┘
//
// A consumer is told to end when the store did not renew its lease (somebody else has it), when no renewal came
// for `abandonMs` by the local clock (counted from before the last successful request was sent), when the
// partition is not wanted any more or more than a fair share, and at the stop. While it ends, the lease is renewed
// further (for `abandonMs` at most), so that nobody starts before it has written its last batch; and the partition
// cannot be claimed again by this process, so that no partition ever has two consumers here. If it ends with an
// error it is left alone for a while. Another process may start once the lease has expired, which is later than
// `abandonMs`; should a consumer be stuck even then, the newer epoch refuses whatever it commits.
//
// One loop does one heartbeat after the other: renew, learn what others hold, give back, claim. Every call of the
// store is bounded, and a failed one changes nothing: the deadlines of the held partitions go on running.

/** See `runPartitions`. */
export class PartitionConsumer implements RunningPartitions {
  readonly fatal: Promise<never>;
  readonly #options: RunPartitionsOptions & { timing: ConsumerTiming };
  readonly #held = new Map<string, HeldPartition>();
  readonly #finishing = new Set<Promise<void>>();
  readonly #backOff: ClaimBackOff;
  readonly #loop: Promise<void>;
  #crash: (error: unknown) => void = () => {};
  #stopping: Promise<void> | null = null;
  #crashed = false;
  #wake = new AbortController();
  #asked: PromiseWithResolvers<void> | null = null;
  /** When another member's lease may run out, local monotonic time; null = nobody has one. */
  #nextExpiryMs: number | null = null;

  constructor(options: RunPartitionsOptions & { timing: ConsumerTiming }) {
    this.#options = options;
    this.#backOff = new ClaimBackOff(options.random ?? Math.random);
    this.fatal = new Promise((_, reject) => {
      this.#crash = (error) => {
        this.#crashed = true;
        this.#endAll('another consumer of this process has crashed');
        reject(error);
      };
    });
    this.#loop = this.#run().catch((error) => this.#crash(error));
  }

  held(): { partition: string; epoch: number }[] {
    return this.#reading().map(({ partition, epoch }) => ({ partition, epoch }));
  }

  beat(): Promise<void> {
    if (this.#ended()) return Promise.resolve();
    this.#asked ??= Promise.withResolvers<void>();
    this.#wake.abort();
    return this.#asked.promise;
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #run(): Promise<void> {
    while (!this.#ended()) {
      const asked = this.#asked;
      this.#asked = null;
      this.#wake = new AbortController();
      const sentMs = this.#options.clock.monotonicMs();
      await this.#beatOnce(sentMs);
      asked?.resolve();
      // Cut short by `beat` and `stop`: the loop's head sees which.
      await this.#options.clock.sleep(this.#untilNextBeatMs(sentMs), this.#wake.signal).catch(() => {});
    }
    this.#asked?.resolve();
  }

  /**
   * A holder that renews has its lease far from its end; one that does not is dead, and others wait for its readings.
   * Counted from when the last one was sent, as leases are: where an answer was heard late, for the process was busy,
   * the next one is due.
   */
  #untilNextBeatMs(sentMs: number): number {
    const { clock, timing } = this.#options;
    const nowMs = clock.monotonicMs();
    const untilExpiryMs = (this.#nextExpiryMs ?? Number.POSITIVE_INFINITY) - nowMs;
    const untilDueMs = sentMs + timing.heartbeatMs - nowMs;
    return Math.max(0, Math.min(untilDueMs, Math.max(0, untilExpiryMs) + afterExpiryMs));
  }

  async #beatOnce(sentMs: number): Promise<void> {
    const { group, member, leases, timing, clock, logger, onHeartbeat } = this.#options;
    // A consumer that does not end is not waited for any longer than a dead one would be.
    const asked = [...this.#held.values()].filter((held) => (held.endingForMs ?? 0) < timing.abandonMs);
    this.#nextExpiryMs = null;
    try {
      const held = asked.map(({ partition, epoch }) => ({ partition, epoch }));
      const request = { group, member, held, expiryMs: timing.expiryMs };
      const answer = await this.#bounded(leases.heartbeat(request), 'the heartbeat');
      // By the local clock it is over a little later than by the store's: what the answer took.
      if (typeof answer.nextExpiryMs === 'number')
        this.#nextExpiryMs = clock.monotonicMs() + answer.nextExpiryMs;
      for (const partition of asked) {
        if (answer.renewed.includes(partition.partition)) partition.renewed(sentMs + timing.abandonMs);
        else partition.end(new LeaseLost('the lease is lost'));
      }
      if (onHeartbeat) await this.#bounded(onHeartbeat(), 'the work of a heartbeat');
      await this.#share(answer.leases, answer.members);
    } catch (error) {
      logger.warn({ group, err: error }, 'a heartbeat failed');
    }
  }

  /** Gives back what is too much and claims what is free. */
  async #share(leases: readonly Lease[], members: readonly Member[]): Promise<void> {
    const { member, partitions, wants, clock } = this.#options;
    const situation: Situation = {
      holder: member.holder,
      wanted: wants ? partitions.filter((partition) => wants(partition, members)) : partitions,
      peers: members.filter(({ pinnedVersion }) => pinnedVersion === member.pinnedVersion).length,
      leases,
      held: this.#reading().map(({ partition }) => partition),
    };
    for (const partition of whichToRelease(situation))
      this.#held.get(partition)?.end(new Error('others shall have it'));
    let { candidates, room } = whichToClaim(situation);
    for (const partition of candidates) {
      if (room === 0 || this.#ended()) return;
      if (this.#held.has(partition) || !this.#backOff.mayClaim(partition, clock.monotonicMs())) continue;
      if (await this.#claim(partition)) room -= 1;
    }
  }

  async #claim(partition: string): Promise<boolean> {
    const { group, member, leases, timing, clock, consume, logger } = this.#options;
    const sentMs = clock.monotonicMs();
    const claiming = leases.claim({ group, partition, member, expiryMs: timing.expiryMs });
    let claimed: { epoch: number } | null;
    try {
      claimed = await this.#bounded(claiming, 'a claim');
    } catch (error) {
      // Should it succeed after all, nobody would read the partition until it expires.
      void claiming.then(
        (late) => late && this.#release(partition, late.epoch),
        () => {},
      );
      throw error;
    }
    if (claimed === null) return false;
    const { epoch } = claimed;
    if (this.#ended()) {
      await this.#release(partition, epoch);
      return false;
    }
    logger.info({ group, partition, epoch }, 'claimed a partition');
    const held = new HeldPartition({
      partition,
      epoch,
      clock,
      deadlineMs: sentMs + timing.abandonMs,
      consume,
    });
    this.#held.set(partition, held);
    const finishing = this.#finish(held).catch((error) => this.#crash(error));
    this.#finishing.add(finishing);
    void finishing.then(() => this.#finishing.delete(finishing));
    return true;
  }

  async #finish(held: HeldPartition): Promise<void> {
    const { group, clock, logger } = this.#options;
    const { partition, epoch } = held;
    const ending = await held.ending;
    if (ending.kind === 'bug') this.#crash(ending.error);
    const nowMs = clock.monotonicMs();
    if (ending.kind === 'failed') {
      logger.warn({ group, partition, epoch, err: ending.error }, 'consuming a partition failed');
      this.#backOff.failed(partition, { nowMs, ranMs: nowMs - held.startedMs });
    } else {
      logger.info({ group, partition, epoch }, 'stopped consuming a partition');
    }
    await this.#release(partition, epoch);
    this.#held.delete(partition);
  }

  async #release(partition: string, epoch: number): Promise<void> {
    const { group, member, leases, logger } = this.#options;
    try {
      await this.#bounded(leases.release({ group, partition, holder: member.holder, epoch }), 'a release');
    } catch (error) {
      logger.warn({ group, partition, epoch, err: error }, 'a lease could not be given back and will expire');
    }
  }

  async #stop(): Promise<void> {
    const { group, clock, logger } = this.#options;
    this.#wake.abort();
    this.#endAll('the process stops');
    const ended = Promise.all([this.#loop, ...this.#finishing]);
    let stuck: HeldPartition[] = [];
    try {
      await beforeDeadline(ended, { clock, ms: endWithinMs, what: 'ending the consumers' });
    } catch (error) {
      logger.warn({ group, err: error, held: [...this.#held.keys()] }, 'consumers do not end');
      stuck = [...this.#held.values()];
    }
    await Promise.all([...stuck.map((held) => this.#release(held.partition, held.epoch)), this.#leave()]);
  }

  async #leave(): Promise<void> {
    const { group, member, leases, logger } = this.#options;
    try {
      await this.#bounded(leases.leave({ group, holder: member.holder }), 'leaving the group');
    } catch (error) {
      logger.warn({ group, err: error }, 'the group could not be left; membership will expire');
    }
  }

  /** Half of what may pass without a renewal, so that a second try is in time; less at the stop. */
  #bounded<T>(promise: Promise<T>, what: string): Promise<T> {
    const { clock, timing } = this.#options;
    const most = timing.abandonMs / 2;
    const ms = this.#stopping === null ? most : Math.min(most, giveBackWithinMs);
    return beforeDeadline(promise, { clock, ms, what });
  }

  #reading(): HeldPartition[] {
    return [...this.#held.values()].filter((held) => held.reading);
  }

  #endAll(reason: string): void {
    for (const held of this.#held.values()) held.end(new Error(reason));
  }

  #ended(): boolean {
    return this.#stopping !== null || this.#crashed;
  }
}
