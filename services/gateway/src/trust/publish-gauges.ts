import { Gauge, type Registry } from '@verdict/process';
import type { PlatformFacts } from './platform-facts.ts';
import { trustGauges } from './trust-gauges.ts';

/** Puts the gauges on models and rollouts on `/metrics`; what is not known at a scrape is left out of it. */
export function publishGauges(
  metrics: Registry,
  read: () => Promise<PlatformFacts | null>,
  nowMs: () => number,
): void {
  for (const { name, help, labelNames, samples } of trustGauges)
    new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [metrics],
      async collect() {
        const facts = await read();
        // All at once, after the wait: another scrape may read the values meanwhile.
        this.reset();
        if (facts === null) return;
        for (const { labels, value } of samples(facts, nowMs())) if (value !== null) this.set(labels, value);
      },
    });
}
