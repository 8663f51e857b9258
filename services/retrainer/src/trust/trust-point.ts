import type { ModelTrust, TrustPoint } from '@verdict/contracts';

/** A point is added at least so often. */
const pointEveryMs = 60_000;

/** Trust at one moment, for its history. */
export function pointOf({ at, version, confidence, quality }: ModelTrust): TrustPoint {
  const { state, mean, low, high, judged } = confidence;
  return {
    at,
    version,
    state,
    mean,
    low,
    high,
    judged,
    precision: quality.precision?.mean ?? null,
    recall: quality.recall?.mean ?? null,
    labelCoverage: quality.labelCoverage,
  };
}

/** Whether the history gets a point: figures changed as people read them, or the newest point is a minute old. */
export function isPointDue(before: ModelTrust | null, now: ModelTrust, newestPointMs: number): boolean {
  if (before === null || Date.parse(now.at) - newestPointMs >= pointEveryMs) return true;
  return figuresSeen(before) !== figuresSeen(now);
}

/** Whether there is something new to see: figures as people read them, which signs are active, what they ask for. */
export function isWorthTelling(before: ModelTrust | null, now: ModelTrust): boolean {
  return before === null || seen(before) !== seen(now);
}

function seen(trust: ModelTrust): string {
  const active = trust.signs.map(({ active, value }) => [active, value === null]);
  const { contested } = trust.confidence;
  const { missed } = trust.quality;
  return JSON.stringify([figuresSeen(trust), active, trust.drift.verdict, contested, missed]);
}

/** In whole hundredths, as the dashboard shows them. */
function figuresSeen(trust: ModelTrust): string {
  return JSON.stringify({ ...pointOf(trust), at: null }, (_, value: unknown) =>
    typeof value === 'number' ? Math.round(value * 100) / 100 : value,
  );
}
