import type { Tracing } from '@verdict/process';
import type { EventSink } from '@verdict/streams';

/** A sink whose sends are spans of the request that they belong to, and which tells the events so. */
export function tracedSink(sink: EventSink, tracing: Tracing): EventSink {
  if (!tracing.on) return sink;
  return {
    properties: () => sink.properties(),
    close: () => sink.close(),
    send: (partition, bodies) => sink.send(partition, bodies, tracing.headers()),
    sendKeyed: (partitionKey, body) =>
      tracing.span(
        'publish answer',
        {
          kind: 'producer',
          attributes: { 'messaging.system': 'eventhubs', 'messaging.batch.message_count': 1 },
        },
        () => sink.sendKeyed(partitionKey, body, tracing.headers()),
      ),
  };
}
