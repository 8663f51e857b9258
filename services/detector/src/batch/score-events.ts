import type { EngineResult } from '@verdict/detection';
import type { DeadLetter } from '@verdict/storage';
import type { ReceivedEvent } from '@verdict/streams';
import { absorb, type PartitionMemory } from '../state/partition-memory.ts';
import { decodeEvents, type SequencedBlock } from './decode-events.ts';

/** What events brought, scored and taken into memory. */
export interface ScoredEvents {
  readonly result: EngineResult;
  /** Blocks of own series. */
  readonly blocks: readonly SequencedBlock[];
  readonly undecodable: readonly DeadLetter[];
}

/** Decode → drop foreign → score: the part of the pipeline that a replay repeats, with the same result. */
export async function scoreEvents(
  memory: PartitionMemory,
  owns: (series: string) => boolean,
  events: readonly ReceivedEvent[],
): Promise<ScoredEvents> {
  const { blocks, undecodable } = decodeEvents(events);
  const own = blocks.filter(({ series }) => owns(series));
  const result = await memory.engine.process(own);
  absorb(memory, result);
  return { result, blocks: own, undecodable };
}
