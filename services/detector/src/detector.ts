import { once } from 'node:events';
import type { Plan } from '@verdict/contracts';
import { HttpProblem } from '@verdict/process';
import { runPartitions } from '@verdict/streams';
import type { DetectorView } from './api/routes.ts';
import { ClaimRule } from './claim/claim-rule.ts';
import { consumePartition } from './claim/consume-partition.ts';
import { HeldPartitions } from './claim/held-partitions.ts';
import type { NotifierParts } from './claim/notifier.ts';
import type { DetectorParts } from './claim/partition-run.ts';
import { SnapshotLoad } from './claim/snapshot-load.ts';
import { Turns } from './claim/turns.ts';
import { watchLag } from './claim/watch-lag.ts';
import { type DetectorSetup, poolKey } from './detector-setup.ts';
import { findPool } from './find-pool.ts';
import { ModelShelf } from './model/model-shelf.ts';
import { OrdersFollower } from './model/orders-follower.ts';
import { partitionPlan, plannedVersion, readOrders } from './model/pool-orders.ts';

/** Lease times: a holder that cannot renew stops reading well before anybody else may begin. */
const timing = { heartbeatMs: 2000, abandonMs: 8000, expiryMs: 10_000 };

/** What is there once the pool was found. */
interface Work {
  readonly model: string;
  readonly shelf: ModelShelf;
  readonly follower: OrdersFollower;
}

/**
 * One detector: waits until its pool is declared, follows its orders, works on the partitions that it can claim.
 * Waiting, working, stopped: in this order, each once.
 */
export class Detector {
  readonly #setup: DetectorSetup;
  readonly #held = new HeldPartitions();
  readonly #life = new AbortController();
  #waitingFor = 'starting';
  #work: Work | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(setup: DetectorSetup) {
    this.#setup = setup;
  }

  /** For the REST API; before the pool is found, questions about it are answered with 503. */
  get view(): DetectorView {
    const setup = this.#setup;
    const work = (): Work => {
      if (this.#work === null) throw new HttpProblem(503, { detail: `Not working yet: ${this.#waitingFor}` });
      return this.#work;
    };
    return {
      holder: setup.holder,
      pool: poolKey(setup),
      held: this.#held,
      model: () => work().model,
      models: () => work().shelf,
      orders: () => work().follower.orders,
      refresh: () => work().follower.refresh(),
    };
  }

  /** Rejects with the reason why this process is not (wholly) at work. */
  async assertWorking(): Promise<void> {
    if (this.#work === null) throw new Error(this.#waitingFor);
    const stalled = this.#held.all().filter(({ state }) => state === 'stalled');
    if (stalled.length > 0)
      throw new Error(stalled.map(({ partition, reason }) => `partition ${partition}: ${reason}`).join('; '));
  }

  /** Begins; `address` is where the gateway reaches this process. `crash` is for bugs alone. */
  start(address: string, crash: (error: unknown) => void): void {
    this.#running = this.#run(address, crash).catch((error: unknown) => {
      if (!this.#life.signal.aborted) crash(error);
    });
  }

  /** Finishes the batches under way, commits them with a snapshot, gives the leases back. */
  async stop(): Promise<void> {
    this.#life.abort();
    await this.#running;
  }

  async #run(address: string, crash: (error: unknown) => void): Promise<void> {
    const setup = this.#setup;
    const { signal } = this.#life;
    const found = await findPool(setup, signal, (reason) => {
      this.#waitingFor = reason;
    });
    const { model, consumerGroup } = found.row.spec;
    const { overlays } = found;
    const { namespace, blobs, trusted, openNetwork, pinnedVersion, holder } = setup;
    const shelf = new ModelShelf({ blobs, trusted, openNetwork, namespace, model }, setup);
    const identity = { namespace, key: poolKey(setup), model };
    const follower = new OrdersFollower(
      found.orders,
      (before) => readOrders({ ...setup, overlays }, identity, before),
      setup,
    );
    this.#work = { model, shelf, follower };
    const orders = () => follower.orders;
    const parts: DetectorParts & NotifierParts = {
      ...setup,
      pool: identity.key,
      consumerGroup,
      models: shelf,
      overlays,
      orders,
      snapshotLoad: new SnapshotLoad(),
      turns: new Turns(),
      restores: new Turns(),
    };
    const rule = pinnedVersion === null ? null : new ClaimRule(pinnedVersion, timing.expiryMs);
    const consumer = runPartitions({
      group: identity.key,
      member: { holder, address, pinnedVersion },
      leases: setup.leases,
      partitions: found.hub.partitions,
      clock: setup.clock,
      timing,
      logger: setup.logger,
      wants: (partition, members) =>
        rule?.wants(partitionPlan(orders().plan, partition), members, setup.clock.monotonicMs()) ?? true,
      consume: ({ partition, epoch, signal: lost }) =>
        consumePartition(parts, {
          ref: { pool: identity.key, partition, epoch, holder },
          held: this.#held,
          signal: lost,
        }),
    });
    consumer.fatal.catch(crash);
    setup.logger.info({ pool: identity.key, model, address }, 'detector working');
    // Both end with the signal and report their own troubles; a hub that does not answer must not hold the stop up.
    void follower.follow(signal, ({ plan }) => this.#freeModels(plan, shelf));
    void watchLag({ ...setup, held: this.#held }, signal);
    if (!signal.aborted) await once(signal, 'abort');
    await consumer.stop();
    await shelf.keepOnly(new Set());
  }

  /** Frees the versions that no held partition serves, or scores beside that, or is to. */
  async #freeModels(plan: Plan, shelf: ModelShelf): Promise<void> {
    const held = this.#held.all();
    // A partition that is being restored may be about to use any of them.
    if (held.some(({ run }) => run === null)) return;
    const inUse = held.flatMap(({ partition, run }) => [
      plannedVersion(plan, partition),
      partitionPlan(plan, partition).shadow ?? 0,
      run?.memory.engine.version ?? 0,
      run?.memory.shadow?.version ?? 0,
    ]);
    await shelf.keepOnly(new Set(inUse));
  }
}
