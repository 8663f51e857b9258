import { causedBy, type Tracing } from '@verdict/process';
import type { ReceivedEvent } from '@verdict/streams';

/**
 * One batch as a span, in the trace of the request that sent it, or linked to those of all whose events it has; never a
 * span per event or reading. What happens within are its children.
 */
export function inBatchSpan<T>(
  tracing: Tracing,
  { partition, events }: { readonly partition: string; readonly events: readonly ReceivedEvent[] },
  act: () => Promise<T>,
): Promise<T> {
  // A batch without events writes what memory held: nothing that anybody waits for.
  if (!tracing.on || events.length === 0) return act();
  const attributes = {
    'messaging.system': 'eventhubs',
    'messaging.destination.partition.id': partition,
    'messaging.batch.message_count': events.length,
  };
  const causes = causedBy(events.map(({ traceparent }) => traceparent));
  return tracing.span('process readings', { kind: 'consumer', attributes, ...causes }, act);
}
