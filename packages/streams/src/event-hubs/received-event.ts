import type { ReceivedEventData } from '@azure/event-hubs';
import type { ReceivedEvent } from '../event-stream.ts';

/** The port's event. A body that is no AMQP data section is nothing of ours: its JSON is given, to be refused. */
export function receivedEvent(event: ReceivedEventData): ReceivedEvent {
  const body: unknown = event.body;
  const traceparent: unknown = event.properties?.traceparent;
  return {
    sequence: event.sequenceNumber,
    body: body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body) ?? ''),
    enqueuedAtMs: event.enqueuedTimeUtc.getTime(),
    ...(typeof traceparent === 'string' ? { traceparent } : {}),
  };
}
