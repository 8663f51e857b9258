import { readingLimits } from '@verdict/contracts';
import type { InFlightBytes } from './in-flight-bytes.ts';

/** What a door for readings asks of every request, and why it may turn it away. */
export function doorTerms(inFlight: InFlightBytes) {
  return {
    tag: 'readings',
    roles: ['ingest', 'service'],
    apiKeys: true,
    maxBodyBytes: readingLimits.bodyBytes,
    // Four megabytes come slowly over a thin line.
    deadlineMs: 45_000,
    ratePerMinute: 'ingest',
    problems: {
      429: 'Too many bytes are under way; see Retry-After.',
      503: 'The hub cannot be reached; see Retry-After. Some readings may have been taken.',
    },
    admit: (bytes: number) => inFlight.take(bytes),
  } as const;
}
