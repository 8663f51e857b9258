import type { CurrentVerdict } from '@verdict/contracts';
import type { IconName } from '../../components/icon.tsx';
import type { PendingVerdict } from '../../lib/pending-verdicts.ts';
import { answersOf } from '../../lib/receipt-text.ts';

/** What people said of an anomaly, in a word; null when nobody did. An answer on its way goes first. */
export function verdictSummary(
  verdicts: readonly CurrentVerdict[],
  pending: PendingVerdict | undefined,
): { icon: IconName; text: string } | null {
  if (pending?.phase === 'failed') return { icon: 'warning', text: 'not sent' };
  if (pending !== undefined && pending.verdict !== 'withdrawn') {
    return { icon: pending.verdict === 'true' ? 'check' : 'false', text: `${pending.verdict}…` };
  }
  const answers = answersOf(verdicts);
  const all = answers.true + answers.false;
  if (answers.true > 0 && answers.false > 0) {
    if (answers.true === answers.false) return { icon: 'person', text: 'disputed' };
    const most = answers.true > answers.false ? 'true' : 'false';
    return { icon: 'person', text: `${answers[most]} of ${all} ${most}` };
  }
  if (answers.true > 0) return { icon: 'check', text: 'true' };
  if (answers.false > 0) return { icon: 'false', text: 'false' };
  return verdicts.length > 0 ? { icon: 'person', text: 'not counted' } : null;
}
