import type { HeldMemory } from './held-memory.ts';
import type { SlowEnd } from './slow-connections.ts';

/** What a run found. */
export interface FuzzReport {
  readonly requests: number;
  readonly seed: number;
  readonly seconds: number;
  /** Answers by status; 0 = closed without a word, which only broken bytes are. */
  readonly statuses: ReadonlyMap<number, number>;
  /** After the first part of the requests, and at the end; garbage collected. */
  readonly warm: HeldMemory;
  readonly end: HeldMemory;
  readonly slow: readonly SlowEnd[];
  /** What was wrong, with the request that did it. */
  readonly faults: readonly string[];
}

/**
 * Growth that is still flat, whatever the number of requests: tables of names and limits fill, the engine keeps compiled
 * code, and the allocator keeps what the largest bodies needed at once (100 MB and more, reached at some time or other).
 */
const flat = { usedMb: 32, rssMb: 256 };

/** Everything that must not be. */
export function violationsOf({ warm, end, slow, faults }: FuzzReport): string[] {
  const violations = [...faults];
  if (end.usedMb - warm.usedMb > flat.usedMb)
    violations.push(`memory in use grew from ${warm.usedMb.toFixed(0)} to ${end.usedMb.toFixed(0)} MB`);
  if (end.rssMb - warm.rssMb > flat.rssMb)
    violations.push(`resident memory grew from ${warm.rssMb.toFixed(0)} to ${end.rssMb.toFixed(0)} MB`);
  for (const { what, status, afterMs } of slow)
    if (status !== 408 || afterMs > 60_000)
      violations.push(
        `slow ${what} ended with ${status || 'no answer'} after ${(afterMs / 1000).toFixed(0)} s`,
      );
  return violations;
}

/** The report as it is printed. */
export function reportLines(report: FuzzReport): string[] {
  const { requests, seed, seconds, statuses, warm, end, slow } = report;
  const classes = new Map<string, number>();
  for (const [status, count] of statuses) {
    const name = status === 0 ? 'closed' : `${Math.floor(status / 100)}xx`;
    classes.set(name, (classes.get(name) ?? 0) + count);
  }
  const sorted = (counts: Iterable<readonly [string | number, number]>): string =>
    [...counts]
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))
      .map(([name, count]) => `${name}: ${count}`)
      .join(', ');
  const slowest = (what: SlowEnd['what']): string =>
    (Math.max(0, ...slow.filter((one) => one.what === what).map(({ afterMs }) => afterMs)) / 1000).toFixed(0);
  const violations = violationsOf(report);
  return [
    '',
    `${requests} bad requests (seed ${seed}) in ${seconds.toFixed(0)} s`,
    `answers   ${sorted(classes)}`,
    `          ${sorted(statuses)}`,
    `memory    in use ${warm.usedMb.toFixed(0)} → ${end.usedMb.toFixed(0)} MB, resident ${warm.rssMb.toFixed(0)} → ${end.rssMb.toFixed(0)} MB (garbage collected)`,
    `slow      ${slow.length} connections, closed with 408 after at most ${slowest('headers')} s (headers) and ${slowest('body')} s (bodies)`,
    ...violations.map((violation) => `VIOLATION ${violation}`),
    violations.length === 0
      ? 'no 5xx, no crash, memory flat, every refusal says why'
      : `${violations.length} violations`,
  ];
}
