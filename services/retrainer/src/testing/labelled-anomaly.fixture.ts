import type { LabelledAnomaly } from '@verdict/storage';

/** Answers of people `p0`, `p1`, …: `tf` = the first says true, the second false. */
export function answers(text: string): LabelledAnomaly['verdicts'] {
  return [...text].map((letter, index) => ({
    person: `p${index}`,
    verdict: letter === 't' ? 'true' : 'false',
  }));
}

/** An unjudged anomaly of `shop/cart` by version 1, a minute long, odd in its cpu. */
export function labelledAnomaly(id: string, change: Partial<LabelledAnomaly> = {}): LabelledAnomaly {
  const startMs = change.startMs ?? 1_700_000_000_000;
  return {
    id,
    series: 'shop/cart',
    version: 1,
    state: 'closed',
    startMs,
    endMs: startMs + 60_000,
    peakScore: 0.9,
    patterns: [{ cpu: 4 }],
    verdicts: [],
    ...change,
  };
}
