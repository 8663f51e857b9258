import { inProgress, phaseText } from '@verdict/lifecycle';
import type { AnomalyModelStatus } from '../../resources/anomaly-model-status.ts';
import { discreet } from '../../resources/status-fields.ts';
import type { ModelFacts } from './model-facts.ts';

/** The version that is being judged, and how far it is; undefined = there is none. */
export function candidateStatus({
  view,
  pool,
}: Pick<ModelFacts, 'view' | 'pool'>): AnomalyModelStatus['candidate'] {
  const rollout = pool?.rollout.state ?? null;
  const of = (version: number, text: string): AnomalyModelStatus['candidate'] => {
    const createdAt = view.versions.find((one) => one.version === version)?.createdAt;
    return {
      version,
      text: discreet(`${version} · ${text}`, 100),
      ...(createdAt === undefined ? {} : { createdAt }),
    };
  };
  if (pool && rollout && inProgress(rollout))
    return of(rollout.candidate, phaseText(rollout, pool.spec.rollout.steps.length));
  const waiting = view.versions.filter(
    ({ version, state }) =>
      version > view.champion &&
      (state === 'candidate' || state === 'accepted') &&
      !rollout?.aborted.includes(version),
  );
  const newest = Math.max(0, ...waiting.map(({ version }) => version));
  return newest === 0 ? undefined : of(newest, 'waits for its rollout');
}
