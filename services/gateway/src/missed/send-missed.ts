import type { MissedEvent } from '@verdict/contracts';
import type { EventSink } from '@verdict/streams';

/** Sends what was said of a stretch to the feedback hub; everything about a series stays in order. */
export async function sendMissed(sink: EventSink, event: MissedEvent): Promise<void> {
  await sink.sendKeyed(event.series, Buffer.from(JSON.stringify(event)));
}
