import type { Anomaly, Verdict } from '@verdict/contracts';
import { useMayJudge, usePendingVerdict, usePerson, useServices } from '../../api/services.ts';

/** The signed-in person's answer on an anomaly and how to change it. */
export function useMyVerdict(anomaly: Anomaly) {
  const { verdicts } = useServices();
  const pending = usePendingVerdict(anomaly.id);
  const person = usePerson();
  const kept = anomaly.verdicts.find((given) => given.person === person);
  const current =
    pending === undefined || pending.phase === 'failed'
      ? kept
      : pending.verdict === 'withdrawn'
        ? undefined
        : pending;
  const allowed = useMayJudge();
  return {
    person,
    pending,
    kept,
    /** What the page shows as the answer: the one on its way, else the one kept. */
    current: current as
      | { verdict: 'true' | 'false'; reason: string | null; comment: string | null }
      | undefined,
    allowed,
    send: (verdict: Verdict, about: { reason?: string | null; comment?: string | null } = {}) => {
      if (!allowed) return;
      const comment = about.comment?.trim();
      void verdicts.send({
        anomalyId: anomaly.id,
        verdict,
        reason: about.reason ?? undefined,
        comment: comment === '' || comment === undefined ? undefined : comment,
      });
    },
    again: () => {
      if (pending !== undefined) void verdicts.again(pending);
    },
  };
}
