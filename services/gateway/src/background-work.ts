import type { GatewayParts } from './gateway-parts.ts';
import type { ModelDirectory } from './models/model-directory.ts';
import type { DoorNotes } from './readings/door-notes.ts';
import { repeat } from './repeat.ts';

const noteEveryMs = 3000;
const directoryEveryMs = 2000;
/** Well within the time that a new key is published before it signs. */
const keysEveryMs = 15_000;
const retentionEveryMs = 3_600_000;
/** Figures of versions that nothing names any more are shown for so long after they changed last. */
const figuresKeptMs = 30 * 86_400_000;
/** A little more than what is looked back at. */
const paceKeptMs = 31 * 86_400_000;

/** Something that forgets what is old in its own tables. */
interface Forgetful {
  dropOld(): Promise<void>;
}

/** Starts what a gateway does again and again beside its requests: to write, to read anew, to forget. */
export function startBackgroundWork(
  parts: GatewayParts,
  of: {
    notes: DoorNotes;
    directory: ModelDirectory;
    authentication: Forgetful;
    webhooks: Forgetful;
  },
): { stop(): Promise<void> } {
  const { clock, logger, crash, retention, settings, stores } = parts;
  const forget = async (): Promise<void> => {
    const nowMs = clock.nowMs();
    await retention.dropOldHistory(nowMs - settings.retentionMs);
    await retention.dropOldFigures(nowMs - figuresKeptMs);
    await of.authentication.dropOld();
    await stores.answers.dropOldPace(nowMs - paceKeptMs);
    await of.webhooks.dropOld();
  };
  const common = { clock, logger, crash };
  const works = [
    repeat(() => of.notes.write(), { ...common, name: 'writing notes of the door', everyMs: noteEveryMs }),
    repeat(async () => void (await of.directory.current()), {
      ...common,
      name: 'reading the models',
      everyMs: directoryEveryMs,
    }),
    repeat(() => parts.signingKeys.reload(), {
      ...common,
      name: 'reading the signing keys',
      everyMs: keysEveryMs,
    }),
    repeat(forget, { ...common, name: 'dropping old history', everyMs: retentionEveryMs }),
  ];
  return {
    async stop() {
      await Promise.all(works.map((work) => work.stop()));
    },
  };
}
