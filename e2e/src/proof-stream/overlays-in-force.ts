import { DetectorStatus, type PoolView, UpdateResponse } from '@verdict/contracts';

/**
 * Whether every partition that ever scored anything follows the newest false-alarm memory. The detectors themselves
 * are asked: each reads its orders, and says what it follows.
 *
 * @param token of an admin
 */
export async function overlaysInForce(pool: PoolView, token: string): Promise<boolean> {
  const followed = new Map<string, number>();
  let newest = 0;
  for (const { address } of pool.members) {
    // A detector that is starting is not reached yet.
    if (address === null) return false;
    const ask = async (path: string, init: RequestInit): Promise<unknown> => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const answer = await fetch(`${address}${path}`, {
        ...init,
        headers,
        signal: AbortSignal.timeout(5000),
      });
      if (!answer.ok) throw new Error(`${path} of a detector answers ${answer.status}`);
      return answer.json();
    };
    const body = JSON.stringify({ revision: pool.plan.revision });
    const orders = UpdateResponse.parse(await ask('/update', { method: 'POST', body }));
    for (const { overlay } of Object.values(orders.partitions)) newest = Math.max(newest, overlay);
    const status = DetectorStatus.parse(await ask('/status', {}));
    for (const { partition, overlay, state } of status.partitions)
      if (state === 'running') followed.set(partition, overlay);
  }
  return pool.partitions
    .filter(({ version }) => version !== null)
    .every(({ partition }) => followed.get(partition) === newest);
}
