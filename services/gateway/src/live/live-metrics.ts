import { Counter, Gauge, Histogram, type Registry } from '@verdict/process';
import { type ConnectionEnd, connectionEnds } from './connection-end.ts';
import type { QueueFigures } from './slow-connections.ts';

/** What is measured of the live side. */
export interface LiveMetrics {
  /** What had changed was handed to the connections. */
  told(seconds: number): void;
  /** One message was handed to so many connections. */
  sent(event: string, connections: number): void;
  /** Readings of a series were kept from so many connections that are behind. */
  dropped(connections: number): void;
  ended(why: ConnectionEnd): void;
}

/** Registers the metrics; what is asked for here is read at each scrape. */
export function liveMetrics(
  registry: Registry,
  now: { connections: () => number; queues: () => QueueFigures },
): LiveMetrics {
  const registers = [registry];
  new Gauge({
    name: 'verdict_gateway_live_connections',
    help: 'Open socket.io connections',
    registers,
    collect() {
      this.set(now.connections());
    },
  });
  new Gauge({
    name: 'verdict_gateway_live_behind_connections',
    help: 'Open socket.io connections that get no readings until they have taken what waits for them',
    registers,
    collect() {
      this.set(now.queues().behind);
    },
  });
  new Gauge({
    name: 'verdict_gateway_live_queued_bytes',
    help: 'Bytes that were told to live connections and wait for their networks',
    registers,
    collect() {
      this.set(now.queues().bytes);
    },
  });
  const telling = new Histogram({
    name: 'verdict_gateway_tell_seconds',
    help: 'Time to read what changed and hand it to the live connections',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  const sent = new Counter({
    name: 'verdict_gateway_live_messages_total',
    help: 'Messages handed to live connections, each counted once per connection',
    labelNames: ['event'],
    registers,
  });
  const dropped = new Counter({
    name: 'verdict_gateway_live_dropped_readings_total',
    help: 'Messages with live readings that were kept from connections because they are behind',
    registers,
  });
  const ended = new Counter({
    name: 'verdict_gateway_live_ended_total',
    help: 'Live connections that ended',
    labelNames: ['reason'],
    registers,
  });
  for (const reason of connectionEnds) ended.inc({ reason }, 0);
  return {
    told: (seconds) => telling.observe(seconds),
    sent: (event, connections) => sent.inc({ event }, connections),
    dropped: (connections) => dropped.inc(connections),
    ended: (reason) => ended.inc({ reason }),
  };
}
