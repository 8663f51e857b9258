import type { Clock, Logger } from '@verdict/process';
import type { PoolOrders } from './pool-orders.ts';

/** How often the plan and the models are read: the heartbeat of a lease. */
const everyMs = 2000;

/** Keeps the newest orders of the pool; a registry that cannot be asked leaves the last ones in force. */
export class OrdersFollower {
  readonly #read: (before: PoolOrders | null) => Promise<PoolOrders>;
  readonly #logger: Logger;
  readonly #clock: Clock;
  #orders: PoolOrders;
  /** Reads are made one after the other, so that an older answer never replaces a newer one. */
  #reading: Promise<unknown> = Promise.resolve();

  constructor(
    first: PoolOrders,
    read: (before: PoolOrders | null) => Promise<PoolOrders>,
    surroundings: { clock: Clock; logger: Logger },
  ) {
    this.#orders = first;
    this.#read = read;
    this.#clock = surroundings.clock;
    this.#logger = surroundings.logger;
  }

  get orders(): PoolOrders {
    return this.#orders;
  }

  /** Reads now. Rejects when the registry cannot be asked. */
  refresh(): Promise<PoolOrders> {
    const next = this.#reading.then(async () => {
      const orders = await this.#read(this.#orders);
      if (orders.plan.revision !== this.#orders.plan.revision)
        this.#logger.info({ revision: orders.plan.revision }, 'the plan has changed');
      this.#orders = orders;
      return orders;
    });
    this.#reading = next.catch(() => undefined);
    return next;
  }

  /** Reads every two seconds until the signal is aborted. */
  async follow(signal: AbortSignal, afterRead: (orders: PoolOrders) => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#clock.sleep(everyMs, signal);
        await afterRead(await this.refresh());
      } catch (error) {
        if (signal.aborted) return;
        this.#logger.warn({ err: error }, 'the plan cannot be read; the last one stays in force');
      }
    }
  }
}
