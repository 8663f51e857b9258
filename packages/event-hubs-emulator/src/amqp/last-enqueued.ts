import rhea from 'rhea';
import type { PartitionState } from '../log/partition-log.ts';
import { SECTION, sectionsOf } from './message-sections.ts';

/**
 * The message with the state of its partition as delivery annotations, for receivers that asked for it
 * (`com.microsoft:enable-receiver-runtime-metric`). They stand between the header and the message annotations.
 */
export function withLastEnqueued(message: Buffer, state: PartitionState, nowMs: number): Buffer {
  const { types } = rhea;
  const writer = new (types as unknown as WriterModule).Writer();
  writer.write(
    types.described_nc(
      types.wrap_ulong(SECTION.deliveryAnnotations),
      types.wrap_symbolic_map({
        last_enqueued_sequence_number: types.wrap_long(state.lastSequenceNumber),
        last_enqueued_offset: types.wrap_string(String(state.lastOffset)),
        last_enqueued_time_utc: types.wrap_timestamp(state.lastEnqueuedAtMs),
        runtime_info_retrieval_time_utc: types.wrap_timestamp(nowMs),
      }),
    ),
  );
  const [first] = sectionsOf(message);
  const headerEnd = first?.code === SECTION.header ? first.end : 0;
  return Buffer.concat([message.subarray(0, headerEnd), writer.toBuffer(), message.subarray(headerEnd)]);
}

interface WriterModule {
  Writer: new () => { write(value: unknown): void; toBuffer(): Buffer };
}
