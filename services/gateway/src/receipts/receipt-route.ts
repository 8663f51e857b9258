import { type Anomaly, AnomalyId, durationMs, Receipt } from '@verdict/contracts';
import { anyRole, type Clock, defineRoute, HttpProblem, type Route } from '@verdict/process';
import type {
  AnomalyStore,
  LabelledAnomaly,
  LabelStore,
  OverlayStore,
  RegistryStore,
  RolloutStore,
} from '@verdict/storage';
import { z } from 'zod';
import { keyOf, type ModelDirectory } from '../models/model-directory.ts';
import { receiptOf } from './receipt.ts';

/** What receipts are read from. */
export interface ReceiptRouteParts {
  readonly anomalies: AnomalyStore;
  readonly labels: LabelStore;
  readonly overlays: OverlayStore;
  readonly registry: RegistryStore;
  readonly rollouts: RolloutStore;
  readonly directory: ModelDirectory;
  readonly clock: Clock;
}

const lookBackMs = 30 * 86_400_000;
/** The newest ones of the series; a flood of more is cut off. */
const mostAnomalies = 5000;

/** `GET /anomalies/{id}/receipt`: what the verdicts on an anomaly did. */
export function receiptRoute(parts: ReceiptRouteParts): Route {
  return defineRoute({
    method: 'get',
    path: '/anomalies/{id}/receipt',
    tag: 'anomalies',
    summary: 'What the verdicts on an anomaly did',
    description:
      'Alarms that its like would have quieted, confirmed anomalies that would still be found, and the version that learnt from it, in numbers and in sentences to be shown as they are. It follows verdicts within seconds, also when they are withdrawn.',
    roles: anyRole,
    params: z.strictObject({ id: AnomalyId }),
    response: Receipt,
    problems: { 404: 'There is no such anomaly.' },
    handler: ({ params }) => readReceipt(parts, params.id),
  });
}

async function readReceipt(parts: ReceiptRouteParts, id: string): Promise<Receipt> {
  const found = await parts.anomalies.get(id);
  if (found === null) throw new HttpProblem(404, { detail: `There is no anomaly ${id}.` });
  const { namespace, model, series, patterns } = found;
  const pool = `${namespace}/${found.pool}`;
  const nowMs = parts.clock.nowMs();
  const fromMs = nowMs - lookBackMs;
  const [near, memory, versions, servedSinceMs, { models }] = await Promise.all([
    // Readings may be a little ahead of this clock.
    parts.labels.anomalies({
      namespace,
      model,
      series,
      fromMs,
      toMs: nowMs + lookBackMs,
      limit: mostAnomalies,
    }),
    parts.overlays.ofAnomaly(pool, id),
    parts.registry.versions(namespace, model),
    parts.rollouts.servedSince(pool),
    parts.directory.current(),
  ]);
  const spec = models.find((row) => keyOf(row) === `${namespace}/${model}`)?.spec;
  return receiptOf({
    anomaly: {
      id,
      series,
      startMs: Date.parse(found.start),
      endMs: Date.parse(found.end),
      patterns,
      verdicts: countedOf(found, near),
    },
    ofSeries: near.filter(({ startMs }) => startMs >= fromMs),
    memory,
    versions,
    servedSinceMs,
    policy: {
      memoryMs: spec === undefined ? lookBackMs : durationMs(spec.feedback.memory),
      historyMs: spec === undefined ? lookBackMs : durationMs(spec.training.history),
      paused: spec?.paused ?? false,
    },
    nowMs,
  });
}

/** What counts of what people say of it: where an answer is held back, that is what the person said before. */
function countedOf(found: Anomaly, near: readonly LabelledAnomaly[]): LabelledAnomaly['verdicts'] {
  const labelled = near.find(({ id }) => id === found.id);
  return labelled?.verdicts ?? found.verdicts.filter(({ uncounted }) => uncounted === undefined);
}
