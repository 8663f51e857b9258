import type { Queries } from '../database/open-database.ts';
import type { Change } from '../ports/query-stores.ts';

/** Channel of LISTEN and NOTIFY. */
export const changeChannel = 'verdict_changes';

/** A notification may have 8000 bytes less one. */
const payloadLimit = 7_900;

/** Tells of a change when (and only if) the transaction of `queries` is committed. */
export async function tellChange(queries: Queries, change: Change): Promise<void> {
  await queries.query('SELECT pg_notify($1, $2)', [changeChannel, changePayload(change)]);
}

/** A change as JSON; a sentence that is too long for a notification is cut. */
export function changePayload(change: Change): string {
  const payload = JSON.stringify(change);
  if (Buffer.byteLength(payload) <= payloadLimit) return payload;
  if (!('event' in change)) throw new RangeError(`a ${change.topic} change is too long to be told`);
  return JSON.stringify({ ...change, event: `${change.event.slice(0, 1_000)}…` });
}
