import type { Segment } from './segment.ts';

/** How long and how much of a partition is kept. Whole segments are dropped, so a little more may remain. */
export interface Retention {
  /** Age from which events may be dropped. */
  afterMs: number;
  /** Bytes of a partition above which its oldest segments are dropped. */
  maxBytes: number;
  /** Size from which a new segment is begun. */
  segmentBytes: number;
}

/** A segment ends when it is full, or holds so long a time that dropping it would come late. */
export function shouldRoll(newest: Segment, retention: Retention, nowMs: number): boolean {
  if (newest.isEmpty || newest.firstEnqueuedAtMs === undefined) return false;
  return newest.end >= retention.segmentBytes || nowMs - newest.firstEnqueuedAtMs > retention.afterMs / 4;
}

/** The segments to drop, oldest first; never the newest, which is written to. */
export function expiredSegments(
  segments: readonly Segment[],
  retention: Retention,
  nowMs: number,
): Segment[] {
  let bytes = segments.reduce((sum, segment) => sum + segment.end, 0);
  const expired: Segment[] = [];
  for (const segment of segments.slice(0, -1)) {
    const isOld = nowMs - segment.lastEnqueuedAtMs > retention.afterMs;
    if (!isOld && bytes <= retention.maxBytes) break;
    expired.push(segment);
    bytes -= segment.end;
  }
  return expired;
}
