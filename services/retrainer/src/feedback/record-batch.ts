import type { ReceivedEvent } from '@verdict/streams';
import { type ReadVerdicts, readVerdicts } from './read-verdicts.ts';

/** Records what was read, and that everything up to the sequence number `through` is done. */
type Record = (read: ReadVerdicts, through: number) => Promise<void>;

/**
 * Records a batch. When the database refuses its content, the events are recorded one by one, and those that it
 * still refuses become dead letters: one event that nobody thought of must not keep all later verdicts away.
 */
export async function recordBatch(
  batch: readonly ReceivedEvent[],
  record: Record,
): Promise<{ verdicts: number; undecodable: number }> {
  try {
    return await recordTogether(batch, record);
  } catch (error) {
    if (!isRefusedContent(error)) throw error;
  }
  const total = { verdicts: 0, undecodable: 0 };
  for (const event of batch) {
    const { verdicts, undecodable } = await recordAlone(event, record);
    total.verdicts += verdicts;
    total.undecodable += undecodable;
  }
  return total;
}

async function recordTogether(batch: readonly ReceivedEvent[], record: Record) {
  const read = readVerdicts(batch);
  const last = batch.at(-1);
  if (last) await record(read, last.sequence);
  return { verdicts: read.events.length, undecodable: read.undecodable.length };
}

async function recordAlone(event: ReceivedEvent, record: Record) {
  try {
    return await recordTogether([event], record);
  } catch (error) {
    if (!isRefusedContent(error)) throw error;
    const { sequence, body } = event;
    const detail = `the database refused it: ${(error as Error).message}`;
    await record({ events: [], undecodable: [{ sequence, payload: body, detail }] }, sequence);
    return { verdicts: 0, undecodable: 1 };
  }
}

/** PostgreSQL's classes 22 (data exception) and 23 (integrity constraint violation). */
function isRefusedContent(error: unknown): boolean {
  const code = error instanceof Error ? (error as { code?: unknown }).code : null;
  return typeof code === 'string' && /^2[23]/.test(code);
}
