import { type AnalysisSpec, type CanaryTotals, noCanaryTotals } from '@verdict/contracts';
import type { CanaryFigures, RunFigures } from './canary-figures.ts';
import { poissonTail } from './poisson-tail.ts';

export interface CanaryJudgement {
  readonly outcome: 'passed' | 'failed' | 'waiting';
  readonly reasons: string[];
  /** The analyses before and this one together. */
  readonly totals: CanaryTotals;
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
 *   many with a probability below 0.001 (Poisson tail), in this analysis or in all of the rollout together; errors
 *   without a single reading always fail;
 * - more of its readings are in alarm than that many times the champion's and than 20 %;
 * - more of its readings are kept quiet than that many times those that the champion alarms at or keeps quiet, and
 *   than 5 %: a version that takes everything for a false alarm finds nothing;
 * - the two judge more of the same readings differently than `mostDisagreement` and what the champion alarms at, as
 *   shares: to end such alarms may be what the candidate is for, to raise as many others is not;
 * - it scores hardly anything until the deadline, while events wait or other versions score in its place.
 */
export function judgeCanary(
  figures: CanaryFigures,
  spec: AnalysisSpec,
  before: CanaryTotals = noCanaryTotals,
): CanaryJudgement {
  const { candidate, past, beside, lately } = figures;
  const champion = (rate: (run: RunFigures) => number) => Math.max(rate(past), beside ? rate(beside) : 0);
  const usual = (rate: (run: RunFigures) => number) =>
    Math.max(champion(rate), lately ? latelyCounts * rate(lately) : 0);
  const enough = candidate.readings >= spec.minimumReadings;
  const expected = (ratePerThousand: number) => (ratePerThousand * candidate.readings) / 1000;
  const now: CanaryTotals = {
    readings: candidate.readings,
    anomalies: candidate.anomalies,
    expectedAnomalies: expected(
      Math.max(
        spec.nominalPerThousand,
        usual((run) => perThousand(run.anomalies, run)),
      ),
    ),
    errors: candidate.errors,
    expectedErrors: expected(
      Math.max(
        errorFloorPerThousand,
        champion((run) => perThousand(run.errors, run)),
      ),
    ),
  };
  const totals = added(before, now);
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
  const told = [
    tooManyAnomalies(now, spec),
    alarms,
    blind,
    tooManyErrors(now, spec, figures.trouble),
    ...differently(figures, spec),
  ];
  const gates = [
    ...told,
    unserved(figures, spec, enough),
    ...(before.readings > 0
      ? [tooManyAnomalies(totals, spec), tooManyErrors(totals, spec, figures.trouble)].map(inAll)
      : []),
  ];
  const failed = gates.filter((gate) => gate.failed);
  if (failed.length > 0) return { outcome: 'failed', reasons: failed.map(({ reason }) => reason), totals };
  if (enough) return { outcome: 'passed', reasons: told.map(({ reason }) => reason), totals };
  const reason = `${candidate.readings} readings, at least ${spec.minimumReadings} are needed to judge`;
  return { outcome: 'waiting', reasons: [reason], totals };
}

function added(a: CanaryTotals, b: CanaryTotals): CanaryTotals {
  return {
    readings: a.readings + b.readings,
    anomalies: a.anomalies + b.anomalies,
    expectedAnomalies: a.expectedAnomalies + b.expectedAnomalies,
    errors: a.errors + b.errors,
    expectedErrors: a.expectedErrors + b.expectedErrors,
  };
}

function tooManyAnomalies(
  { anomalies, expectedAnomalies, readings }: CanaryTotals,
  spec: AnalysisSpec,
): Gate {
  return tooMany(`${anomalies} anomalies in ${readings} readings`, anomalies, expectedAnomalies, spec);
}

function tooManyErrors(
  { errors, expectedErrors, readings }: CanaryTotals,
  spec: AnalysisSpec,
  trouble: string | null,
): Gate {
  const why = trouble === null ? '' : ` (${trouble})`;
  if (readings === 0)
    return {
      failed: errors > 0,
      reason: `scoring with it failed ${times(errors)}${why}, and not one reading was scored`,
    };
  return tooMany(`${errors} errors${why} in ${readings} readings`, errors, expectedErrors, spec);
}

/** No gate where nobody scored the same readings. */
function differently({ beside, disagreements }: CanaryFigures, spec: AnalysisSpec): Gate[] {
  if (beside === null || disagreements === null) return [];
  const share = disagreements / beside.readings;
  const most = Math.min(1, spec.mostDisagreement + beside.alarms / beside.readings);
  return [
    {
      failed: beside.readings >= spec.minimumReadings && share > most,
      reason: `${disagreements} of ${beside.readings} readings judged differently (${percent(share)}), at most ${percent(most)} allowed`,
    },
  ];
}

function inAll({ failed, reason }: Gate): Gate {
  return { failed, reason: `in the whole rollout ${reason}` };
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

function tooMany(what: string, count: number, expected: number, { mostTimesChampion }: AnalysisSpec): Gate {
  return {
    failed: count > mostTimesChampion * expected && poissonTail(count, expected) < significance,
    reason: `${what}, ${Number(expected.toFixed(2))} expected of the champion`,
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
