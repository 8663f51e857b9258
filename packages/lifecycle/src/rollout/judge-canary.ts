import type { AnalysisSpec } from '@verdict/contracts';
import type { CanaryFigures, RunFigures } from './canary-figures.ts';
import { poissonTail } from './poisson-tail.ts';

export interface CanaryJudgement {
  readonly outcome: 'passed' | 'failed' | 'waiting';
  readonly reasons: string[];
}

interface Gate {
  readonly failed: boolean;
  readonly reason: string;
}

/** What chance makes of the champion's rate less often than this is no chance. */
const significance = 0.001;
/** So much of the rate just now is usual; with three times the champion's allowed, one and a half times that. */
const latelyCounts = 0.5;
/** Readings in alarm, as a share, that one real event may well make on a partition of few series. */
const alarmShareFloor = 0.2;
/** Readings kept quiet, as a share, that a version may always have. */
const quietedShareFloor = 0.05;
/** Errors per 1000 readings that any version may have. */
const errorFloorPerThousand = 0.01;

/**
 * Judges a candidate against the champion, in its past and on the same readings, whichever rate is higher. Half of
 * what is usual just now is taken for usual too: in a flood that it came to end, or in a real outage, a candidate
 * need not be as quiet as the champion once was. It fails when
 * - it opens more anomalies, or makes more errors, than `mostTimesChampion` times those, and chance would make as
 *   many with a probability below 0.001 (Poisson tail); errors without a single reading always fail;
 * - more of its readings are in alarm than that many times the champion's and than 20 %;
 * - more of its readings are kept quiet than that many times those that the champion alarms at or keeps quiet, and
 *   than 5 %: a version that takes everything for a false alarm finds nothing;
 * - it scores hardly anything until the deadline, while events wait or other versions score in its place.
 */
export function judgeCanary(figures: CanaryFigures, spec: AnalysisSpec): CanaryJudgement {
  const { candidate, past, beside, lately } = figures;
  const champion = (rate: (run: RunFigures) => number) => Math.max(rate(past), beside ? rate(beside) : 0);
  const usual = (rate: (run: RunFigures) => number) =>
    Math.max(champion(rate), lately ? latelyCounts * rate(lately) : 0);
  const enough = candidate.readings >= spec.minimumReadings;
  const anomalies = tooMany('anomalies', candidate.anomalies, {
    readings: candidate.readings,
    usual: Math.max(
      spec.nominalPerThousand,
      usual((run) => perThousand(run.anomalies, run)),
    ),
    mostTimes: spec.mostTimesChampion,
  });
  const share = perThousand(candidate.alarms, candidate) / 1000;
  const usualShare = usual((run) => perThousand(run.alarms, run)) / 1000;
  const mostShare = Math.max(alarmShareFloor, spec.mostTimesChampion * usualShare);
  const alarms = {
    failed: enough && share > mostShare,
    reason: `${percent(share)} of its readings in alarm, at most ${percent(mostShare)} allowed`,
  };
  const loud = (run: RunFigures) => perThousand(run.alarms + run.quieted, run) / 1000;
  const quieted = perThousand(candidate.quieted, candidate) / 1000;
  const mostQuieted = Math.max(
    quietedShareFloor,
    spec.mostTimesChampion * Math.max(champion(loud), lately ? loud(lately) : 0),
  );
  const blind = {
    failed: enough && quieted > mostQuieted,
    reason: `${percent(quieted)} of its readings kept quiet as false alarms, at most ${percent(mostQuieted)} allowed`,
  };
  const gates = [anomalies, alarms, blind, errors(figures, champion, spec), unserved(figures, spec, enough)];
  const failed = gates.filter((gate) => gate.failed);
  if (failed.length > 0) return { outcome: 'failed', reasons: failed.map(({ reason }) => reason) };
  if (enough) return { outcome: 'passed', reasons: gates.slice(0, 4).map(({ reason }) => reason) };
  const reason = `${candidate.readings} readings, at least ${spec.minimumReadings} are needed to judge`;
  return { outcome: 'waiting', reasons: [reason] };
}

function errors(
  { candidate }: CanaryFigures,
  champion: (rate: (run: RunFigures) => number) => number,
  spec: AnalysisSpec,
): Gate {
  if (candidate.readings === 0)
    return {
      failed: candidate.errors > 0,
      reason: `scoring with it failed ${times(candidate.errors)}, and not one reading was scored`,
    };
  return tooMany('errors', candidate.errors, {
    readings: candidate.readings,
    usual: Math.max(
      errorFloorPerThousand,
      champion((run) => perThousand(run.errors, run)),
    ),
    mostTimes: spec.mostTimesChampion,
  });
}

/** The readings of the moment before the candidate took over are no sign yet that nobody can serve it. */
function unserved(figures: CanaryFigures, spec: AnalysisSpec, enough: boolean): Gate {
  const { candidate, waitingEvents, scoredByOthers } = figures;
  const others = scoredByOthers >= spec.minimumReadings ? scoredByOthers : 0;
  const late = figures.watchedMs >= spec.progressDeadlineSeconds * 1000;
  const scored = candidate.readings === 0 ? 'no reading was' : `only ${candidate.readings} readings were`;
  const instead =
    others > 0 ? `other versions scored ${others} in its place` : `${waitingEvents} events wait`;
  return {
    failed: late && !enough && waitingEvents + others > candidate.readings,
    reason: `${scored} scored while ${instead}`,
  };
}

function tooMany(
  what: string,
  count: number,
  { readings, usual, mostTimes }: { readings: number; usual: number; mostTimes: number },
): Gate {
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

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
