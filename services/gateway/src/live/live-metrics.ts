import { Gauge, Histogram, type Registry } from '@verdict/process';

/** What is measured of the live side. */
export interface LiveMetrics {
  /** What had changed was handed to the connections. */
  told(seconds: number): void;
}

/** Registers the metrics; `connections` is read at each scrape. */
export function liveMetrics(registry: Registry, connections: () => number): LiveMetrics {
  new Gauge({
    name: 'verdict_gateway_live_connections',
    help: 'Open socket.io connections',
    registers: [registry],
    collect() {
      this.set(connections());
    },
  });
  const telling = new Histogram({
    name: 'verdict_gateway_tell_seconds',
    help: 'Time to read what changed and hand it to the live connections',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  return { told: (seconds) => telling.observe(seconds) };
}
