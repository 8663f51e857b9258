import type { Anomaly, AnomalyMessage } from '@verdict/contracts';
import { AnomaliesQuery } from '@verdict/contracts';
import type { AnomalyStore, PlanStore, RegistryStore, TrustStore } from '@verdict/storage';
import type { PendingChanges } from './change-queue.ts';
import type { FeedCursor } from './feed-cursor.ts';
import type { LiveMessage } from './live-message.ts';
import type { ToldRevisions } from './told-revisions.ts';

/** What telling needs. */
export interface ChangeTellerParts {
  readonly anomalies: AnomalyStore;
  readonly registry: RegistryStore;
  readonly plans: PlanStore;
  readonly trust: TrustStore;
  readonly cursor: FeedCursor;
  readonly told: ToldRevisions;
  /** Hands messages, in their order, to every connection of this gateway. */
  readonly tell: (messages: readonly LiveMessage[]) => Promise<void>;
}

const readAtOnce = 8;
const maxResyncPages = 200;

/** Loads what changed and tells it. Rejects when the database cannot be read; then nothing may be taken as told. */
export async function tellChanges(parts: ChangeTellerParts, pending: PendingChanges): Promise<void> {
  const { anomalies, tell, told } = parts;
  if (pending.gap) await tellEverythingMissed(parts);
  const ids = [...new Set([...pending.anomalies.keys(), ...pending.feedback])];
  for (let start = 0; start < ids.length; start += readAtOnce) {
    const loaded = await Promise.all(ids.slice(start, start + readAtOnce).map((id) => anomalies.get(id)));
    const messages: LiveMessage[] = [];
    for (const anomaly of loaded) {
      // Verdicts on an anomaly that does not exist (any more) concern nobody.
      if (anomaly === null) continue;
      const change = pending.anomalies.get(anomaly.id);
      if (change !== undefined && told.take(anomaly))
        messages.push({ event: 'anomaly', message: { kind: kindOf(anomaly, change.kind), anomaly } });
      if (pending.feedback.has(anomaly.id)) messages.push(verdictsOn(anomaly));
    }
    await tell(messages);
  }
  await tell(await trustNow(parts, pending.trust));
  await tell(pending.resources.map(({ topic, name, event }) => ({ event: topic, message: { name, event } })));
}

function verdictsOn({ id, verdicts }: Anomaly): LiveMessage {
  return { event: 'feedback', message: { anomalyId: id, verdicts } };
}

/** What is thought of models now, however often it changed meanwhile. */
async function trustNow(
  { trust }: ChangeTellerParts,
  models: readonly { namespace: string; name: string }[],
): Promise<LiveMessage[]> {
  const messages: LiveMessage[] = [];
  for (const { namespace, name } of models) {
    const known = await trust.get(namespace, name);
    if (known !== null) messages.push({ event: 'trust', message: { namespace, name, trust: known.trust } });
  }
  return messages;
}

/** Changes that were folded: what is sent is the newest state, so a closed anomaly is told as closed. */
function kindOf(anomaly: Anomaly, noted: AnomalyMessage['kind']): AnomalyMessage['kind'] {
  return anomaly.state === 'closed' ? 'closed' : noted;
}

/** After a gap: everything changed since the cursor that was not told yet. */
async function tellEverythingMissed(parts: ChangeTellerParts): Promise<void> {
  const { anomalies, cursor, tell, told, registry, plans } = parts;
  const since = cursor.resumeFrom ?? undefined;
  let next: string | null | undefined;
  for (let page = 0; page < maxResyncPages && since !== undefined && next !== null; page++) {
    const found = await anomalies.list(AnomaliesQuery.parse({ since, next, limit: 500 }));
    for (let start = 0; start < found.items.length; start += readAtOnce)
      await tell(
        found.items.slice(start, start + readAtOnce).flatMap((anomaly): LiveMessage[] => {
          const kind = anomaly.state === 'closed' ? 'closed' : anomaly.revision === 1 ? 'opened' : 'updated';
          const verdicts = verdictsOn(anomaly);
          return told.take(anomaly)
            ? [{ event: 'anomaly', message: { kind, anomaly } }, verdicts]
            : [verdicts];
        }),
      );
    next = found.next;
  }
  const message = (name: string) => ({ name, event: 'changes may have been missed' });
  const models = await registry.models();
  await tell(models.map(({ name }) => ({ event: 'model', message: message(name) })));
  await tell(await trustNow(parts, models));
  await tell((await plans.pools()).map(({ name }) => ({ event: 'pool', message: message(name) })));
}
