import type { ReceivedEvent } from '@verdict/streams';
import { type ReadVerdicts, readVerdicts } from './read-verdicts.ts';

/** Records what was read, and that everything up to the sequence number `through` is done. */
type Record = (read: ReadVerdicts, through: number) => Promise<void>;

/**
 * Records a batch and resolves with what was recorded. When the database refuses its content, the events are recorded
 * one by one, and those that it still refuses become dead letters: one event that nobody thought of must not keep all
 * later verdicts away.
 */
export async function recordBatch(batch: readonly ReceivedEvent[], record: Record): Promise<ReadVerdicts> {
  try {
    return await recordTogether(batch, record);
  } catch (error) {
    if (!isRefusedContent(error)) throw error;
  }
  const all: ReadVerdicts = { events: [], missed: [], undecodable: [] };
  for (const event of batch) {
    const { events, missed, undecodable } = await recordAlone(event, record);
    all.events.push(...events);
    all.missed.push(...missed);
    all.undecodable.push(...undecodable);
  }
  return all;
}

async function recordTogether(batch: readonly ReceivedEvent[], record: Record): Promise<ReadVerdicts> {
  const read = readVerdicts(batch);
  const last = batch.at(-1);
  if (last) await record(read, last.sequence);
  return read;
}

async function recordAlone(event: ReceivedEvent, record: Record): Promise<ReadVerdicts> {
  try {
    return await recordTogether([event], record);
  } catch (error) {
    if (!isRefusedContent(error)) throw error;
    const { sequence, body } = event;
    const detail = `the database refused it: ${(error as Error).message}`;
    const refused = { events: [], missed: [], undecodable: [{ sequence, payload: body, detail }] };
    await record(refused, sequence);
    return refused;
  }
}

/** PostgreSQL's classes 22 (data exception) and 23 (integrity constraint violation). */
function isRefusedContent(error: unknown): boolean {
  const code = error instanceof Error ? (error as { code?: unknown }).code : null;
  return typeof code === 'string' && /^2[23]/.test(code);
}
