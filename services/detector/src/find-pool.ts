import { backOff } from '@verdict/process';
import type { PoolRow } from '@verdict/storage';
import type { HubProperties } from '@verdict/streams';
import type { DetectorSetup } from './detector-setup.ts';
import { OverlayShelf } from './model/overlay-shelf.ts';
import { type PoolOrders, readOrders } from './model/pool-orders.ts';

/** What a detector must know before it can claim anything. */
export interface FoundPool {
  readonly row: PoolRow;
  readonly orders: PoolOrders;
  readonly overlays: OverlayShelf;
  readonly hub: HubProperties;
}

/**
 * Waits until the pool and its model are declared and the hub is there: a detector may be started before them.
 * `onWait` hears what is missing. Rejects when the signal is aborted.
 */
export async function findPool(
  setup: DetectorSetup,
  signal: AbortSignal,
  onWait: (reason: string) => void,
): Promise<FoundPool> {
  const wait = backOff({ firstMs: 250, maxMs: 3000 });
  let told = '';
  for (;;) {
    try {
      return await lookOnce(setup);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      onWait(reason);
      if (reason !== told) setup.logger.warn({ reason }, 'waiting');
      told = reason;
      await setup.clock.sleep(wait.nextMs(), signal);
    }
  }
}

async function lookOnce(setup: DetectorSetup): Promise<FoundPool> {
  const { namespace, pool } = setup;
  const rows = await setup.plans.pools();
  const row = rows.find((one) => one.namespace === namespace && one.name === pool);
  if (row === undefined) throw new Error(`DetectorPool ${namespace}/${pool} is not declared`);
  const identity = { namespace, key: `${namespace}/${pool}`, model: row.spec.model };
  const overlays = new OverlayShelf(setup.overlays, identity.key, setup);
  const orders = await readOrders({ ...setup, overlays }, identity, null);
  return { row, orders, overlays, hub: await setup.source.properties() };
}
