import { Counter, Histogram, type Registry } from 'prom-client';

/** Counts requests and measures how long they take. */
export interface RequestMetrics {
  observe(request: { method: string; route: string; status: number; seconds: number }): void;
}

/** Registers `verdict_http_requests_total` and `verdict_http_request_duration_seconds`. */
export function requestMetrics(registry: Registry): RequestMetrics {
  const total = new Counter({
    name: 'verdict_http_requests_total',
    help: 'HTTP requests answered',
    labelNames: ['method', 'route', 'status'] as const,
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'verdict_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last of its answer',
    labelNames: ['method', 'route'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return {
    observe({ method, route, status, seconds }) {
      total.inc({ method, route, status: String(status) });
      duration.observe({ method, route }, seconds);
    },
  };
}
