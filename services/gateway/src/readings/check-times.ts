import { type ProblemError, type Reading, readingLimits } from '@verdict/contracts';

/** A reading whose time cannot be taken. */
export interface BadTime {
  readonly index: number;
  readonly reason: 'ahead' | 'too_old';
  readonly error: ProblemError;
}

/**
 * Finds readings that lie more than 5 minutes ahead of `nowMs` (the gateway's clock) or further back than
 * `retentionMs`.
 */
export function checkTimes(readings: readonly Reading[], nowMs: number, retentionMs: number): BadTime[] {
  const latestMs = nowMs + readingLimits.aheadMs;
  const earliestMs = nowMs - retentionMs;
  const bad: BadTime[] = [];
  for (let index = 0; index < readings.length; index += 1) {
    const time = readings[index]?.time ?? Number.NaN;
    if (time > latestMs)
      bad.push(badTime(index, 'ahead', `${aheadText(time - nowMs)} ahead of the gateway's clock`));
    // Written so that no number at all (NaN) is refused too.
    else if (!(time >= earliestMs))
      bad.push(
        badTime(index, 'too_old', `older than what is kept (${Math.round(retentionMs / 86_400_000)} days)`),
      );
  }
  return bad;
}

function badTime(index: number, reason: BadTime['reason'], message: string): BadTime {
  return { index, reason, error: { field: `readings[${index}].time`, message } };
}

function aheadText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
