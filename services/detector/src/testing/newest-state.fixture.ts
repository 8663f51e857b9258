import { builtInModel, Engine } from '@verdict/detection';
import type { ModelsAtHand } from '../claim/partition-run.ts';
import { chainsOf, readChain } from '../claim/read-chain.ts';
import { SeriesTails } from '../state/series-tails.ts';
import { joinChain } from '../state/snapshot-chain.ts';
import type { Snapshot } from '../state/snapshot-codec.ts';
import type { MemoryBlobs } from './memory-blobs.fixture.ts';
import type { ScriptedPartitionStore } from './scripted-partition-store.fixture.ts';

/** What the newest snapshot stands for, whole: equal states are equal bytes, however they came into snapshots. */
export async function newestState(
  { snapshots }: ScriptedPartitionStore,
  blobs: MemoryBlobs,
  models: Pick<ModelsAtHand, 'load'>,
): Promise<Snapshot | null> {
  const read = await readChain(blobs, chainsOf(snapshots)[0] ?? [], (_, error) => {
    throw error;
  });
  if (read === null) return null;
  const state = joinChain(
    read.whole.read,
    read.changes.map((link) => link.read),
  );
  const { builtIn } = state.model;
  const canonical = async (version: number, [bytes, ...changes]: readonly [Uint8Array, ...Uint8Array[]]) => {
    const model = version === 0 ? builtInModel(builtIn) : await models.load(version);
    return (await Engine.restore(bytes, { model }, changes)).snapshot();
  };
  const { shadow } = state;
  return {
    ...state,
    tails: [...SeriesTails.from(state.tails).entries()],
    engine: await canonical(state.model.version, state.engine),
    shadow: shadow && { version: shadow.version, engine: await canonical(shadow.version, shadow.engine) },
  };
}
