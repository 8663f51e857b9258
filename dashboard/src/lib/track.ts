import { type History, readingFlags, type ScoredReadings } from '@verdict/contracts';

/** Columns of one signal over a track's times. */
export interface TrackSignal {
  readonly value: readonly (number | null)[];
  readonly expected: readonly (number | null)[];
  /** Half the width of the expected band. */
  readonly band: readonly (number | null)[];
}

/** A stretch of a series as charts draw it: columns over one ascending time axis (epoch ms). */
export interface Track {
  readonly times: readonly number[];
  readonly score: readonly number[];
  readonly flags: readonly number[];
  readonly signals: ReadonlyMap<string, TrackSignal>;
}

/** The track of a history read from the server. */
export function trackOf(history: History): Track {
  return {
    times: history.times,
    score: history.score,
    flags: history.flags,
    signals: new Map(history.signals.map(({ signal, ...columns }) => [signal, columns])),
  };
}

function nulls(count: number): null[] {
  return new Array<null>(count).fill(null);
}

/**
 * Appends live readings that are newer than the track's newest, and drops what is older than `fromMs`. A signal
 * that one side does not have is missing there. The same track when there is nothing newer and nothing to drop.
 */
export function appendReadings(track: Track, readings: ScoredReadings, fromMs: number): Track {
  const newest = track.times.at(-1) ?? Number.NEGATIVE_INFINITY;
  const skip = readings.times.findIndex((time) => time > newest);
  const drop = Math.max(
    0,
    track.times.findIndex((time) => time >= fromMs),
  );
  if (skip < 0 && drop === 0) return track;
  const added = skip < 0 ? 0 : readings.times.length - skip;
  const width = readings.signals.length;
  const column = (rows: readonly (number | null)[], at: number) =>
    at < 0
      ? nulls(added)
      : Array.from({ length: added }, (_, row) => rows[(skip + row) * width + at] ?? null);
  const names = new Set([...track.signals.keys(), ...readings.signals]);
  const signals = new Map<string, TrackSignal>();
  for (const name of names) {
    const known = track.signals.get(name);
    const at = readings.signals.indexOf(name);
    const earlier = (rows: readonly (number | null)[] | undefined) =>
      rows === undefined ? nulls(track.times.length - drop) : rows.slice(drop);
    signals.set(name, {
      value: [...earlier(known?.value), ...column(readings.values, at)],
      expected: [...earlier(known?.expected), ...column(readings.expected, at)],
      band: [...earlier(known?.band), ...column(readings.band, at)],
    });
  }
  const tail = <T>(rows: readonly T[]) => (added === 0 ? [] : rows.slice(skip));
  return {
    times: [...track.times.slice(drop), ...tail(readings.times)],
    score: [...track.score.slice(drop), ...tail(readings.score)],
    flags: [...track.flags.slice(drop), ...tail(readings.flags)],
    signals,
  };
}

/** Times at which the score went over the threshold or came back, oldest first, at most `most` of them. */
export function crossingsOf(
  track: Pick<Track, 'times' | 'score'>,
  threshold: number,
  most = 200,
): { timeMs: number; up: boolean }[] {
  const crossings: { timeMs: number; up: boolean }[] = [];
  for (let index = 1; index < track.times.length && crossings.length < most; index++) {
    const before = (track.score[index - 1] ?? 0) > threshold;
    const now = (track.score[index] ?? 0) > threshold;
    const timeMs = track.times[index];
    if (before !== now && timeMs !== undefined) crossings.push({ timeMs, up: now });
  }
  return crossings;
}

/** True if the newest reading of the track was scored while warming up, or by rules that are not learnt yet. */
export function newestIs(track: Pick<Track, 'flags'>, flag: keyof typeof readingFlags): boolean {
  return ((track.flags.at(-1) ?? 0) & readingFlags[flag]) !== 0;
}
