// `node --import` this into a process: it writes every metric that is registered there, one JSON object a line, to the
// file that VERDICT_REGISTRATIONS names. Labels are known even of metrics that have no values yet.
import { appendFileSync } from 'node:fs';
import { Registry } from 'prom-client';

const { registerMetric } = Registry.prototype;
Registry.prototype.registerMetric = function (metric) {
  registerMetric.call(this, metric);
  // The constructors of its kinds go on after this.
  queueMicrotask(() => {
    const { name, type, help, labelNames } = metric;
    appendFileSync(
      process.env.VERDICT_REGISTRATIONS,
      `${JSON.stringify({ name, type, help, labelNames })}\n`,
    );
  });
};
