import { judgementOf, missedEvents } from '@verdict/lifecycle';
import type { KnownEvent } from '@verdict/training';
import { heldBackOf } from './hold-back.ts';
import type { TrainingLabels } from './load-labels.ts';

/** What a stretch of history is to a training. */
export type EventUse =
  /** Real, or nobody can tell: learnt by nobody. */
  | 'confirmed'
  | 'missed'
  | 'undecided'
  | 'unjudged'
  /** A false alarm that is taught as normal. */
  | 'taught'
  /** A false alarm that the candidate is judged on. */
  | 'held-back';

/** A stretch of one series with what people said of it. */
export interface LabelEvent {
  /** Id of the anomaly or of the report. */
  readonly id: string;
  readonly use: EventUse;
  readonly series: string;
  /** Epoch ms, both ends included. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** Turns labels into events, sorted by series, start and id; the majority decides about each anomaly. */
export function labelEvents({
  anomalies,
  missed,
}: Pick<TrainingLabels, 'anomalies' | 'missed'>): LabelEvent[] {
  const judged = anomalies.map((anomaly) => ({ anomaly, judgement: judgementOf(anomaly.verdicts) }));
  const falseAlarms = judged.filter(({ judgement }) => judgement === 'false-alarm');
  const heldBack = heldBackOf(falseAlarms.map(({ anomaly }) => anomaly.id));
  const events = judged.map(({ anomaly, judgement }): LabelEvent => {
    const { id, series, startMs, endMs } = anomaly;
    const use = judgement !== 'false-alarm' ? judgement : heldBack.has(id) ? 'held-back' : 'taught';
    return { id, use, series, fromMs: startMs, toMs: endMs };
  });
  const reports = missed.map((report): LabelEvent => ({ ...report, use: 'missed' }));
  return [...events, ...reports].sort(
    (a, b) => order(a.series, b.series) || a.fromMs - b.fromMs || order(a.id, b.id),
  );
}

/** What candidate and champion are looked at for; reports of one event count once, and not where an anomaly was. */
export function knownEvents(events: readonly LabelEvent[]): KnownEvent[] {
  const kinds = { confirmed: 'confirmed', taught: 'false-alarm', 'held-back': 'false-alarm' } as const;
  const judged = events.flatMap(({ use, series, fromMs, toMs }): KnownEvent[] => {
    if (use === 'missed' || use === 'undecided' || use === 'unjudged') return [];
    return [{ kind: kinds[use], series, fromMs, toMs, taught: use === 'taught' }];
  });
  const reports = events.filter(({ use }) => use === 'missed');
  const anomalies = events.filter(({ use }) => use !== 'missed');
  const missed = missedEvents(reports, anomalies).map(
    ({ series, fromMs, toMs }): KnownEvent => ({ kind: 'missed', series, fromMs, toMs, taught: false }),
  );
  return [...judged, ...missed];
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
