import { causedBy, type Tracing } from '@verdict/process';
import type { ReceivedEvent } from '@verdict/streams';
import type { ReadVerdicts } from './read-verdicts.ts';

/** What was recorded, and in which span, for whoever goes on from there. */
export interface Recorded {
  readonly recorded: ReadVerdicts;
  readonly traceparent: string | undefined;
}

/** Records a batch in the trace of the answer that it holds, or linked to those of all its answers. */
export async function inRecordSpan(
  tracing: Tracing,
  { partition, batch }: { readonly partition: string; readonly batch: readonly ReceivedEvent[] },
  record: () => Promise<ReadVerdicts>,
): Promise<Recorded> {
  const attributes = {
    'messaging.system': 'eventhubs',
    'messaging.destination.partition.id': partition,
    'messaging.batch.message_count': batch.length,
  };
  const causes = causedBy(batch.map(({ traceparent }) => traceparent));
  return tracing.span('record answers', { kind: 'consumer', attributes, ...causes }, async () => ({
    recorded: await record(),
    traceparent: tracing.headers().traceparent,
  }));
}
