/** When answers come too fast to be learnt from unseen. */
export interface FloodPolicy {
  /** So many answers within a minute are never a flood. */
  readonly perMinute: number;
  /** More than so many times a busy minute of the person's own history are one. */
  readonly factor: number;
}

/**
 * One answer a second for a whole minute is what nobody does who looks at what is asked; whoever is used to more may
 * quadruple that.
 */
export const defaultFloodPolicy: FloodPolicy = { perMinute: 60, factor: 4 };

/** How fast somebody answers now and did before. */
export interface AnswerPace {
  /** Answers within the last minute, with the one at hand. */
  readonly lastMinute: number;
  /** Answers in each earlier minute in which the person answered at all, in any order. */
  readonly earlierMinutes: readonly number[];
}

/** Fewer minutes than these do not say what is usual. */
const fewestMinutes = 10;
const busyShare = 0.9;

/** Answers in a busy minute: nine in ten minutes with answers had no more. Null for somebody new. */
export function busyMinute(earlierMinutes: readonly number[]): number | null {
  if (earlierMinutes.length < fewestMinutes) return null;
  const sorted = earlierMinutes.toSorted((a, b) => a - b);
  return sorted[Math.ceil(busyShare * sorted.length) - 1] ?? null;
}

/**
 * More answers than this within a minute are a flood: the larger one of the policy's bound and so many busy minutes
 * of the person's own history. Somebody new has the policy's bound.
 */
export function floodLimit(usual: number | null, policy: FloodPolicy): number {
  return Math.max(policy.perMinute, (usual ?? 0) * policy.factor);
}

/** A flood with what was usual before; null when it is none. */
export function floodOf(
  { lastMinute, earlierMinutes }: AnswerPace,
  policy: FloodPolicy,
): { limit: number; usual: number | null } | null {
  const usual = busyMinute(earlierMinutes);
  const limit = floodLimit(usual, policy);
  return lastMinute > limit ? { limit, usual } : null;
}

/** How many answers one person may give. */
export interface AnswerQuota {
  readonly perHour: number;
  readonly perDay: number;
}

/** What somebody answered in a rolling time, and when the oldest of it leaves that time, epoch ms. */
export interface Answered {
  readonly answers: number;
  readonly freesAtMs: number;
}

/**
 * Which quota a further answer would exceed, and when there is room again; null when there is room. Taking answers
 * back stays possible up to twice the quota: whoever used it up can undo.
 */
export function quotaExceeded(
  given: { hour: Answered; day: Answered; takesBack: boolean },
  { perHour, perDay }: AnswerQuota,
): { quota: number; per: 'hour' | 'day'; untilMs: number } | null {
  const times = given.takesBack ? 2 : 1;
  if (given.day.answers >= perDay * times) return { quota: perDay, per: 'day', untilMs: given.day.freesAtMs };
  if (given.hour.answers >= perHour * times)
    return { quota: perHour, per: 'hour', untilMs: given.hour.freesAtMs };
  return null;
}
