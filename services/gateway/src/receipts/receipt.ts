import type { AlarmPattern, Receipt } from '@verdict/contracts';
import { isExplainedBy } from '@verdict/detection';
import { judgementOf } from '@verdict/lifecycle';
import type { LabelledAnomaly, OverlayEntry, VersionRow } from '@verdict/storage';
import { firstLearner, type Learner } from './first-learner.ts';
import { receiptSentences } from './receipt-sentences.ts';

/** What a receipt looks at of an anomaly. */
export type SeenAnomaly = Pick<
  LabelledAnomaly,
  'id' | 'series' | 'startMs' | 'endMs' | 'patterns' | 'verdicts'
>;

/** What a receipt is made of. */
export interface ReceiptFacts {
  readonly anomaly: SeenAnomaly;
  /** Anomalies of the same series that started in the last 30 days; whether it is among them makes no difference. */
  readonly ofSeries: readonly SeenAnomaly[];
  /** Its entry in the false-alarm memory that is in force. */
  readonly memory: (Pick<OverlayEntry, 'patterns' | 'untilMs'> & { readonly addedAtMs: number }) | null;
  readonly versions: readonly Pick<VersionRow, 'version' | 'state' | 'manifest'>[];
  /** Version → when it first scored for people, epoch ms. */
  readonly servedSinceMs: ReadonlyMap<number, number>;
  readonly policy: {
    /** How long after its end a false alarm keeps its like quiet. */
    readonly memoryMs: number;
    /** How far back a training reads. */
    readonly historyMs: number;
    /** Whether the model is trained only when somebody asks. */
    readonly paused: boolean;
  };
  readonly nowMs: number;
}

/** A receipt in numbers, with what only its sentences need. */
export interface ReceiptFindings extends Omit<Receipt, 'sentences' | 'learntBy'> {
  readonly learner: Learner | null;
  /** Confirmed anomalies that a memory of all its patterns would hide, wholly or in part. */
  readonly wouldHide: number;
  /** Patterns that could be kept quiet without hiding a confirmed anomaly. */
  readonly harmlessPatterns: number;
  /** False alarms of the series that started later. */
  readonly newerFalseAlarms: number;
}

const idsShown = 20;

/** What the verdicts on an anomaly did, in numbers and in sentences. The same facts give the same receipt. */
export function receiptOf(facts: ReceiptFacts): Receipt {
  const findings = findingsOf(facts);
  const { anomalyId, judgement, answers, memory, similar, confirmed, learner } = findings;
  return {
    anomalyId,
    judgement,
    answers,
    memory,
    similar,
    confirmed,
    learntBy: learner && {
      version: learner.version,
      state: learner.state,
      servesSince: learner.servesSinceMs === null ? null : iso(learner.servesSinceMs),
    },
    sentences: receiptSentences(facts, findings),
  };
}

function findingsOf({ anomaly, ofSeries, memory, nowMs, ...registry }: ReceiptFacts): ReceiptFindings {
  const others = ofSeries.filter(({ id }) => id !== anomaly.id);
  const judgements = new Map(others.map(({ id, verdicts }) => [id, judgementOf(verdicts)]));
  const confirmed = others.filter(({ id }) => judgements.get(id) === 'confirmed');
  const alarms = others
    .filter(({ id }) => judgements.get(id) !== 'confirmed')
    .sort((a, b) => b.startMs - a.startMs || (a.id < b.id ? -1 : 1));
  const hides = (pattern: AlarmPattern, { patterns }: SeenAnomaly) =>
    patterns.some((shown) => isExplainedBy(shown, pattern));
  const harmless = anomaly.patterns.filter((pattern) => !confirmed.some((one) => hides(pattern, one)));
  // What is kept quiet, or would be: not what would hide a confirmed anomaly. Where nothing could be, all that it
  // shows, for the figures then say why.
  const quiet = memory?.patterns ?? (harmless.length > 0 ? harmless : anomaly.patterns);
  const quieted = alarms.filter(({ patterns }) => isWhollyExplained(patterns, quiet));
  return {
    anomalyId: anomaly.id,
    judgement: judgementOf(anomaly.verdicts),
    answers: {
      true: anomaly.verdicts.filter(({ verdict }) => verdict === 'true').length,
      false: anomaly.verdicts.filter(({ verdict }) => verdict === 'false').length,
    },
    memory:
      memory !== null && memory.untilMs >= nowMs
        ? { since: iso(memory.addedAtMs), until: iso(memory.untilMs) }
        : null,
    similar: {
      alarms: alarms.length,
      wouldNotHaveFired: quieted.length,
      ids: quieted.slice(0, idsShown).map(({ id }) => id),
    },
    confirmed: {
      total: confirmed.length,
      stillFound: confirmed.filter(({ patterns }) => !isWhollyExplained(patterns, quiet)).length,
    },
    learner: firstLearner(anomaly.id, registry),
    wouldHide: confirmed.filter((one) => anomaly.patterns.some((pattern) => hides(pattern, one))).length,
    harmlessPatterns: harmless.length,
    newerFalseAlarms: alarms.filter(
      (one) => one.startMs > anomaly.startMs && judgements.get(one.id) === 'false-alarm',
    ).length,
  };
}

/** Whether every kind of alarming reading is explained by what is known. Without patterns nothing is known of an alarm. */
function isWhollyExplained(patterns: readonly AlarmPattern[], known: readonly AlarmPattern[]): boolean {
  return (
    patterns.length > 0 && patterns.every((pattern) => known.some((quiet) => isExplainedBy(pattern, quiet)))
  );
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
