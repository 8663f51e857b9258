/** What decides when a file's rows are sent, and with which times. */
export interface ReplayTimingOptions {
  /** Earliest and latest time in the file, epoch milliseconds. */
  firstMs: number;
  lastMs: number;
  /** When the replay begins, epoch milliseconds. */
  startedAtMs: number;
  /** Times the file's own pace; Infinity = as fast as accepted. */
  speed: number;
  keepTimes: boolean;
}

/** When a row is sent, and with which time. */
export interface ReplayTiming {
  /** Epoch milliseconds at which the row is due; never before the start. */
  dueMs(rowMs: number): number;
  /** Time that the row is sent with, epoch milliseconds. */
  sentTimeMs(rowMs: number): number;
}

/**
 * Plans a replay. Unless times are kept, all are shifted by the same amount so that the last row's is the moment at
 * which it is sent: then no row ever lies in the future, and the file ends now. Slower than the file's own pace that
 * cannot be (the first rows would lie ahead of the clock), so there the first row's time is the start.
 */
export function replayTiming(options: ReplayTimingOptions): ReplayTiming {
  const { firstMs, lastMs, startedAtMs, speed, keepTimes } = options;
  const spanMs = lastMs - firstMs;
  const endsAtMs = startedAtMs + Math.min(spanMs, spanMs / speed);
  const shiftMs = keepTimes ? 0 : Math.floor(endsAtMs - lastMs);
  return {
    dueMs: (rowMs) => startedAtMs + (rowMs - firstMs) / speed,
    sentTimeMs: (rowMs) => rowMs + shiftMs,
  };
}
