import { type ProblemError, type Reading, readingLimits } from '@verdict/contracts';

/** Why a time cannot be taken. */
export interface TimeProblem {
  readonly reason: 'ahead' | 'too_old';
  readonly message: string;
}

/** A reading whose time cannot be taken. */
export interface BadTime {
  readonly index: number;
  readonly reason: TimeProblem['reason'];
  readonly error: ProblemError;
}

/** What times can be taken now. */
export interface TimeBounds {
  /** The gateway's clock. */
  readonly nowMs: number;
  /** How far back readings are kept. */
  readonly retentionMs: number;
}

/** Says whether a time lies more than 5 minutes ahead of the gateway's clock, or further back than what is kept. */
export function timeProblem(timeMs: number, { nowMs, retentionMs }: TimeBounds): TimeProblem | null {
  if (timeMs > nowMs + readingLimits.aheadMs)
    return { reason: 'ahead', message: `${aheadText(timeMs - nowMs)} ahead of the gateway's clock` };
  // Written so that no number at all (NaN) is refused too.
  if (!(timeMs >= nowMs - retentionMs))
    return {
      reason: 'too_old',
      message: `older than what is kept (${Math.round(retentionMs / 86_400_000)} days)`,
    };
  return null;
}

/**
 * Finds readings that lie more than 5 minutes ahead of `nowMs` (the gateway's clock) or further back than
 * `retentionMs`.
 */
export function checkTimes(readings: readonly Reading[], nowMs: number, retentionMs: number): BadTime[] {
  const bad: BadTime[] = [];
  for (let index = 0; index < readings.length; index += 1) {
    const time = readings[index]?.time ?? Number.NaN;
    const problem = timeProblem(time, { nowMs, retentionMs });
    if (problem !== null)
      bad.push({
        index,
        reason: problem.reason,
        error: { field: `readings[${index}].time`, message: problem.message },
      });
  }
  return bad;
}

function aheadText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
