import { Gauge, Histogram, type Registry } from '@verdict/process';

/** What the trust watch tells of itself; models are `namespace/model`. */
export interface TrustMetrics {
  /** Trust in a model was found out (epoch ms). */
  looked(model: string, atMs: number): void;
  /** So long after its verdict was given, trust shows it. */
  shown(model: string, lagSeconds: number): void;
  /** A whole look at one model took so long. */
  took(seconds: number): void;
  /** Another process watches from now on: what this one knows grows old. */
  forget(): void;
}

/** `verdict_trust_*` in the registry. */
export function trustMetrics(registry: Registry, nowMs: () => number): TrustMetrics {
  const lookedAtMs = new Map<string, number>();
  new Gauge({
    name: 'verdict_trust_age_seconds',
    help: 'Seconds since trust in a model was found out, in the process that watches it.',
    labelNames: ['model'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [model, atMs] of lookedAtMs) this.set({ model }, (nowMs() - atMs) / 1000);
    },
  });
  const lag = new Histogram({
    name: 'verdict_trust_lag_seconds',
    help: 'Seconds from a verdict to trust that shows it.',
    labelNames: ['model'],
    buckets: [1, 2, 4, 8, 15, 30, 60, 300],
    registers: [registry],
  });
  const took = new Histogram({
    name: 'verdict_trust_look_seconds',
    help: 'Seconds that one look at a model takes when there is something new.',
    buckets: [0.01, 0.03, 0.1, 0.3, 1, 3],
    registers: [registry],
  });
  return {
    looked: (model, atMs) => void lookedAtMs.set(model, atMs),
    shown: (model, seconds) => lag.observe({ model }, Math.max(0, seconds)),
    took: (seconds) => took.observe(seconds),
    forget: () => lookedAtMs.clear(),
  };
}
