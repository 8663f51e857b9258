/** A lag as a status tells it. */
export interface Lag {
  readonly events: number;
  /** The partition in which most wait. */
  readonly partition?: string | undefined;
}

/** How often a number that only moves may be written. */
const everyMs = 60_000;

/**
 * The lag of a pool: one significant digit, and nothing below ten, for some events are always under way. Undefined
 * while no partition's is known.
 */
export function roundedLag(
  partitions: readonly { readonly partition: string; readonly lagEvents: number | null }[],
): Lag | undefined {
  const known = partitions.flatMap(({ partition, lagEvents }) =>
    lagEvents === null ? [] : { partition, lagEvents },
  );
  if (known.length === 0) return undefined;
  const events = rounded(known.reduce((sum, { lagEvents }) => sum + lagEvents, 0));
  const [most] = known.sort((a, b) => b.lagEvents - a.lagEvents);
  return events === 0 ? { events } : { events, partition: most?.partition };
}

/**
 * Which of two lags a status is to tell: the newer one when the status is written anyway, or when it differs by a factor
 * of two and the other one has stood for a minute. Where most wait may change all the time: it follows the number.
 */
export function toldLag(
  before: Lag | undefined,
  now: Lag | undefined,
  { writtenAnyway, sinceMs }: { readonly writtenAnyway: boolean; readonly sinceMs: number },
): Lag | undefined {
  if (before === undefined) return now;
  if (now === undefined) return sinceMs >= everyMs ? now : before;
  if (before.events === now.events) return before;
  const [low, high] = [Math.min(before.events, now.events), Math.max(before.events, now.events)];
  return writtenAnyway || (high >= 2 * low && sinceMs >= everyMs) ? now : before;
}

function rounded(events: number): number {
  if (events < 10) return 0;
  const unit = 10 ** Math.floor(Math.log10(events));
  return Math.round(events / unit) * unit;
}
