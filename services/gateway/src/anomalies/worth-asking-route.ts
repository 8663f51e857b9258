import { ResourceName, WorthAsking } from '@verdict/contracts';
import { type AskableAnomaly, worthAsking } from '@verdict/lifecycle';
import { anyRole, type Clock, defineRoute, type Route } from '@verdict/process';
import type { LabelledAnomaly, LabelStore } from '@verdict/storage';
import { z } from 'zod';
import { findModel } from '../models/find-model.ts';
import type { ModelDirectory } from '../models/model-directory.ts';
import { patternName } from './pattern-name.ts';

const dayMs = 86_400_000;
/** What was answered in this time counts as known. */
const knownForMs = 30 * dayMs;
const mostAnomalies = 5000;

/** `GET /anomalies/worth-asking`: the few anomalies whose answer would tell most. */
export function worthAskingRoute(parts: {
  labels: LabelStore;
  directory: ModelDirectory;
  clock: Clock;
}): Route {
  const { labels, directory, clock } = parts;
  return defineRoute({
    method: 'get',
    path: '/anomalies/worth-asking',
    tag: 'anomalies',
    summary: 'The few anomalies whose answer would tell most',
    description:
      'Of the last 7 days and not settled: near the threshold, disputed, or of a series or kind on which little was answered. What the caller has judged is left out. Most telling first.',
    roles: anyRole,
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(20).default(5),
      /** Only anomalies of this model. */
      model: ResourceName.optional(),
      /** Namespace of that model. */
      namespace: ResourceName.default('default'),
    }),
    response: z.object({ items: z.array(WorthAsking) }),
    problems: { 404: 'There is no such model.' },
    handler: async ({ query, caller }) => {
      const known = await directory.current();
      const models =
        query.model === undefined ? known.models : [findModel(known, query.namespace, query.model)];
      const nowMs = clock.nowMs();
      const range = { fromMs: nowMs - knownForMs, toMs: nowMs + dayMs, limit: mostAnomalies };
      const found = await Promise.all(
        models.map(({ namespace, name }) => labels.anomalies({ namespace, model: name, ...range })),
      );
      const anomalies = found
        .flat()
        // What waits for a review is answered all the same.
        .filter(({ unheard }) => unheard?.includes(caller.name) !== true)
        .map(askable);
      return {
        items: worthAsking({
          anomalies,
          nowMs,
          person: caller.name,
          labelled: labelledOf(anomalies),
          limit: query.limit,
        }).map(({ reasons, ...question }) => ({ ...question, reasons: [...reasons] })),
      };
    },
  });
}

function askable(anomaly: LabelledAnomaly): AskableAnomaly {
  const { id, series, patterns, startMs, peakScore, verdicts } = anomaly;
  return { anomalyId: id, series, pattern: patternName(patterns), startMs, score: peakScore, verdicts };
}

/** Judged anomalies by series and by pattern. */
function labelledOf(anomalies: readonly AskableAnomaly[]): {
  series: Map<string, number>;
  patterns: Map<string, number>;
} {
  const labelled = { series: new Map<string, number>(), patterns: new Map<string, number>() };
  const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const { series, pattern, verdicts } of anomalies) {
    if (verdicts.length === 0) continue;
    count(labelled.series, series);
    if (pattern !== null) count(labelled.patterns, pattern);
  }
  return labelled;
}
