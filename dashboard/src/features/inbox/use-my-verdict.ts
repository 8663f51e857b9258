import type { Anomaly, Verdict } from '@verdict/contracts';
import { usePendingVerdict, useServices, useSession } from '../../api/services.ts';
import { mayJudge } from '../../lib/access-token.ts';

/** Name of whoever is signed in, or was until a moment ago. */
export function usePerson(): string {
  const session = useSession();
  if (session.kind === 'active') return session.session.person;
  return session.kind === 'expired' ? session.person : '';
}

/** The signed-in person's answer on an anomaly and how to change it. */
export function useMyVerdict(anomaly: Anomaly) {
  const { verdicts } = useServices();
  const session = useSession();
  const pending = usePendingVerdict(anomaly.id);
  const person = usePerson();
  const kept = anomaly.verdicts.find((given) => given.person === person);
  const current =
    pending === undefined || pending.phase === 'failed'
      ? kept
      : pending.verdict === 'withdrawn'
        ? undefined
        : pending;
  const allowed = session.kind === 'active' && mayJudge(session.session.roles);
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
