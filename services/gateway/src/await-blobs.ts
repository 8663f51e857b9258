import { backOff, type Clock, type Logger } from '@verdict/process';
import { type BlobStore, BlobStoreUnavailable } from '@verdict/storage';

/** A blob store that may come up later than the gateway. */
export interface AwaitedBlobs {
  /** Reject with `BlobStoreUnavailable` until the store has answered for the first time. */
  readonly blobs: Pick<BlobStore, 'list' | 'delete'>;
  /** For `/readyz`: rejects with what is waited for. */
  ready(): Promise<void>;
}

/** So long the start waits for the first answer: a wrong setting ends it, and most stores are there. */
const firstAnswerWithinMs = 2000;

/**
 * Opens the blob store, and goes on trying in the background while it cannot be reached: what needs it is refused
 * meanwhile, and the gateway is alive, but not ready. Rejects when the first try shows that the store cannot be opened
 * at all; if a later one does, `crash` is told.
 */
export async function awaitBlobs(
  open: () => Promise<BlobStore>,
  tools: { clock: Clock; logger: Logger; signal: AbortSignal; crash: (error: unknown) => void },
): Promise<AwaitedBlobs> {
  const { clock, logger, signal, crash } = tools;
  const waits = backOff({ firstMs: 250, maxMs: 5000 });
  let opened: BlobStore | undefined;
  let missing = new BlobStoreUnavailable('the blob store has not answered yet');

  const attempt = async (): Promise<boolean> => {
    try {
      opened = await open();
    } catch (error) {
      if (!(error instanceof BlobStoreUnavailable)) throw error;
      missing = error;
      logger.warn({ reason: error.message }, 'waiting for the blob store');
    }
    return opened !== undefined;
  };
  const goOn = async (first: Promise<boolean>): Promise<void> => {
    for (let done = await first; !done; done = await attempt()) await clock.sleep(waits.nextMs(), signal);
    logger.info('the blob store answers');
  };

  const first = attempt();
  const late = new AbortController();
  const inTime = clock.sleep(firstAnswerWithinMs, late.signal).catch(() => undefined);
  await Promise.race([first, inTime]);
  late.abort();
  if (opened === undefined)
    goOn(first).catch((error: unknown) => {
      if (!signal.aborted) crash(error);
    });
  const store = (): BlobStore => {
    if (opened === undefined) throw missing;
    return opened;
  };
  return {
    blobs: {
      list: async (prefix) => store().list(prefix),
      delete: async (name) => store().delete(name),
    },
    ready: async () => void store(),
  };
}
