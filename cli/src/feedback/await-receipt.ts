import type { Anomaly, CurrentVerdict, Receipt } from '@verdict/contracts';
import type { PlatformClient } from '@verdict/platform-client';
import type { CommandContext } from '../command-context.ts';
import { waitUntil } from '../wait-until.ts';

const everyMs = 500;
/** What an answer does has been done so long after it counts; a false alarm that quiets nothing never gets a memory. */
const doneWithinMs = 5000;

/**
 * Waits until an answer given on `before` counts, and until what it does has been done, and gives the receipt; null
 * when the answer does not count after `withinMs`. Whose answer it was is not known here: any change of the current
 * verdicts is taken for it (an answer given again has a newer time).
 */
export async function awaitReceipt(
  context: CommandContext,
  client: Pick<PlatformClient, 'anomaly' | 'receipt'>,
  { before, withinMs }: { before: Anomaly; withinMs: number },
): Promise<Receipt | null> {
  const counted = await waitUntil(context, { everyMs, withinMs }, async () => {
    const { verdicts } = await client.anomaly(before.id);
    return fingerprint(verdicts) === fingerprint(before.verdicts) ? null : verdicts;
  });
  if (counted === null) return null;
  let newest: Receipt | null = null;
  await waitUntil(context, { everyMs, withinMs: doneWithinMs }, async () => {
    newest = await client.receipt(before.id);
    return isSettled(newest, counted) ? newest : null;
  });
  return newest;
}

/** False while the receipt is about other answers, or a false alarm is on its way into the memory. */
function isSettled({ answers, judgement, memory }: Receipt, verdicts: readonly CurrentVerdict[]): boolean {
  const yes = verdicts.filter(({ verdict }) => verdict === 'true').length;
  if (answers.true !== yes || answers.false !== verdicts.length - yes) return false;
  return (judgement === 'false-alarm') === (memory !== null);
}

function fingerprint(verdicts: readonly CurrentVerdict[]): string {
  return JSON.stringify(verdicts.map(({ person, verdict, at }) => `${person} ${verdict} ${at}`).sort());
}
