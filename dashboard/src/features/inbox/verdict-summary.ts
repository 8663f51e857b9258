import type { CurrentVerdict } from '@verdict/contracts';
import type { IconName } from '../../components/icon.tsx';
import type { PendingVerdict } from '../../lib/pending-verdicts.ts';

/** What people said of an anomaly, in a word; null when nobody did. An answer on its way goes first. */
export function verdictSummary(
  verdicts: readonly CurrentVerdict[],
  pending: PendingVerdict | undefined,
): { icon: IconName; text: string } | null {
  if (pending?.phase === 'failed') return { icon: 'warning', text: 'not sent' };
  if (pending !== undefined && pending.verdict !== 'withdrawn') {
    return { icon: pending.verdict === 'true' ? 'check' : 'false', text: `${pending.verdict}…` };
  }
  const yes = verdicts.some((given) => given.verdict === 'true');
  const no = verdicts.some((given) => given.verdict === 'false');
  if (yes && no) return { icon: 'person', text: 'disputed' };
  if (yes) return { icon: 'check', text: 'true' };
  return no ? { icon: 'false', text: 'false' } : null;
}
