import type { AnalysisSpec } from '@verdict/contracts';
import { poissonTail } from './poisson-tail.ts';

/** What one version did over some readings. */
export interface RunFigures {
  readonly readings: number;
  /** Anomalies opened. */
  readonly anomalies: number;
  /** Readings above the border. */
  readonly alarms: number;
  /** Readings and batches that could not be scored. */
  readonly errors: number;
}

/** What is known of a candidate since `RolloutState.analysedToMs`. */
export interface CanaryFigures {
  readonly fromMs: number;
  readonly toMs: number;
  /** The candidate on the partitions it serves; in shadow, what it would have done on all of them. */
  readonly candidate: RunFigures;
  /** The champion on the same partitions in its own past. */
  readonly past: RunFigures;
  /** The champion on the same readings, as the shadow or, in shadow, as the one that serves; null when unknown. */
  readonly beside: RunFigures | null;
  /** Events of the partitions that wait to be scored. */
  readonly waitingEvents: number;
}

export interface CanaryJudgement {
  readonly outcome: 'passed' | 'failed' | 'waiting';
  readonly reasons: string[];
}

/** What chance makes of the champion's rate less often than this is no chance. */
const significance = 0.001;
/** Readings in alarm, as a share, that one real event may well make on a partition of few series. */
const alarmShareFloor = 0.2;
/** Errors per 1000 readings that any version may have. */
const errorFloorPerThousand = 0.01;

/**
 * Judges a candidate against the champion, in its past and on the same readings, whichever rate is higher. It fails
 * when it opens more anomalies, or makes more errors, than `mostTimesChampion` times those, and chance would make as
 * many with a probability below 0.001 (Poisson tail); when more of its readings are in alarm than that many times
 * the champion's and than 20 %; or when events wait and it scores none until the deadline.
 */
export function judgeCanary(figures: CanaryFigures, spec: AnalysisSpec): CanaryJudgement {
  const { candidate, past, beside } = figures;
  const champion = (rate: (run: RunFigures) => number) => Math.max(rate(past), beside ? rate(beside) : 0);
  const anomalies = tooMany('anomalies', candidate.anomalies, {
    readings: candidate.readings,
    usual: Math.max(
      spec.nominalPerThousand,
      champion((run) => perThousand(run.anomalies, run)),
    ),
    mostTimes: spec.mostTimesChampion,
  });
  const errors = tooMany('errors', candidate.errors, {
    readings: candidate.readings,
    usual: Math.max(
      errorFloorPerThousand,
      champion((run) => perThousand(run.errors, run)),
    ),
    mostTimes: spec.mostTimesChampion,
  });
  const share = perThousand(candidate.alarms, candidate) / 1000;
  const usualShare = champion((run) => perThousand(run.alarms, run)) / 1000;
  const mostShare = Math.max(alarmShareFloor, spec.mostTimesChampion * usualShare);
  const enough = candidate.readings >= spec.minimumReadings;
  const alarms = {
    failed: enough && share > mostShare,
    reason: `${percent(share)} of its readings in alarm, at most ${percent(mostShare)} allowed`,
  };
  const stuck =
    candidate.readings === 0 &&
    figures.waitingEvents > 0 &&
    figures.toMs - figures.fromMs >= spec.progressDeadlineSeconds * 1000;
  const idle = {
    failed: stuck,
    reason: `no reading was scored while ${figures.waitingEvents} events wait`,
  };
  const failed = [anomalies, alarms, errors, idle].filter((gate) => gate.failed);
  if (failed.length > 0) return { outcome: 'failed', reasons: failed.map(({ reason }) => reason) };
  if (!enough) {
    const reason = `${candidate.readings} readings, at least ${spec.minimumReadings} are needed to judge`;
    return { outcome: 'waiting', reasons: [reason] };
  }
  return { outcome: 'passed', reasons: [anomalies.reason, alarms.reason, errors.reason] };
}

function tooMany(
  what: string,
  count: number,
  { readings, usual, mostTimes }: { readings: number; usual: number; mostTimes: number },
): { failed: boolean; reason: string } {
  const expected = (usual * readings) / 1000;
  return {
    failed: count > mostTimes * expected && poissonTail(count, expected) < significance,
    reason: `${count} ${what} in ${readings} readings, ${Number(expected.toFixed(2))} expected of the champion`,
  };
}

function perThousand(count: number, { readings }: RunFigures): number {
  return readings > 0 ? (1000 * count) / readings : 0;
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}
