import type { AlarmPattern } from '@verdict/contracts';

/** Name of what an anomaly looks like: its signals with the direction, such as `cpu+ latency-`; null = not known. */
export function patternName(patterns: readonly AlarmPattern[]): string | null {
  const parts = new Set<string>();
  for (const pattern of patterns)
    for (const [signal, evidence] of Object.entries(pattern))
      parts.add(`${signal}${evidence < 0 ? '-' : '+'}`);
  return parts.size === 0 ? null : [...parts].sort().join(' ');
}
