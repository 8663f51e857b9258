import type {
  Anomaly,
  AnomalyMessage,
  FeedbackMessage,
  ResourceMessage,
  TrustMessage,
} from '@verdict/contracts';
import { AnomaliesQuery } from '@verdict/contracts';
import type { AnomalyStore, PlanStore, RegistryStore, TrustStore } from '@verdict/storage';
import type { PendingChanges } from './change-queue.ts';
import type { FeedCursor } from './feed-cursor.ts';

/** Where messages go: to every connection of this gateway. */
export interface Broadcast {
  anomaly(message: AnomalyMessage): void;
  feedback(message: FeedbackMessage): void;
  model(message: ResourceMessage): void;
  trust(message: TrustMessage): void;
  pool(message: ResourceMessage): void;
}

/** What telling needs. */
export interface ChangeTellerParts {
  readonly anomalies: AnomalyStore;
  readonly registry: RegistryStore;
  readonly plans: PlanStore;
  readonly trust: TrustStore;
  readonly cursor: FeedCursor;
  readonly broadcast: Broadcast;
}

const readAtOnce = 8;
const maxResyncPages = 200;

/** Loads what changed and tells it. Rejects when the database cannot be read; then nothing may be taken as told. */
export async function tellChanges(parts: ChangeTellerParts, pending: PendingChanges): Promise<void> {
  const { anomalies, broadcast } = parts;
  if (pending.gap) await tellEverythingMissed(parts);
  const ids = [...new Set([...pending.anomalies.keys(), ...pending.feedback])];
  for (let start = 0; start < ids.length; start += readAtOnce) {
    const loaded = await Promise.all(ids.slice(start, start + readAtOnce).map((id) => anomalies.get(id)));
    for (const anomaly of loaded) {
      // Verdicts on an anomaly that does not exist (any more) concern nobody.
      if (anomaly === null) continue;
      const change = pending.anomalies.get(anomaly.id);
      if (change !== undefined) broadcast.anomaly({ kind: kindOf(anomaly, change.kind), anomaly });
      if (pending.feedback.has(anomaly.id))
        broadcast.feedback({ anomalyId: anomaly.id, verdicts: anomaly.verdicts });
    }
  }
  await tellTrust(parts, pending.trust);
  for (const { topic, name, event } of pending.resources) broadcast[topic]({ name, event });
}

/** Tells what is thought of models now, however often it changed meanwhile. */
async function tellTrust(
  { trust, broadcast }: ChangeTellerParts,
  models: readonly { namespace: string; name: string }[],
): Promise<void> {
  for (const { namespace, name } of models) {
    const known = await trust.get(namespace, name);
    if (known !== null) broadcast.trust({ namespace, name, trust: known.trust });
  }
}

/** Changes that were folded: what is sent is the newest state, so a closed anomaly is told as closed. */
function kindOf(anomaly: Anomaly, noted: AnomalyMessage['kind']): AnomalyMessage['kind'] {
  return anomaly.state === 'closed' ? 'closed' : noted;
}

/** After a gap: everything changed since the cursor, a little of it twice (clients drop old revisions). */
async function tellEverythingMissed(parts: ChangeTellerParts): Promise<void> {
  const { anomalies, cursor, broadcast, registry, plans } = parts;
  const since = cursor.resumeFrom ?? undefined;
  let next: string | null | undefined;
  for (let page = 0; page < maxResyncPages && since !== undefined && next !== null; page++) {
    const found = await anomalies.list(AnomaliesQuery.parse({ since, next, limit: 500 }));
    for (const anomaly of found.items) {
      const kind = anomaly.state === 'closed' ? 'closed' : anomaly.revision === 1 ? 'opened' : 'updated';
      broadcast.anomaly({ kind, anomaly });
      broadcast.feedback({ anomalyId: anomaly.id, verdicts: anomaly.verdicts });
    }
    next = found.next;
  }
  const event = 'changes may have been missed';
  const models = await registry.models();
  for (const { name } of models) broadcast.model({ name, event });
  await tellTrust(parts, models);
  for (const { name } of await plans.pools()) broadcast.pool({ name, event });
}
