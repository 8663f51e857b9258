import type { ModelVersionView, RolloutState } from '@verdict/contracts';

type Known = Pick<ModelVersionView, 'version' | 'state'>;

/**
 * Versions that can be put on every partition at once, newest first: kept ones that may serve or were taken back, and
 * the built-in one; not the one that serves, unless a rollout is on its way from it.
 */
export function rollbackChoices(
  versions: readonly Known[],
  state: Pick<RolloutState, 'champion' | 'candidate'> | null,
): number[] {
  const kept = versions
    .filter((known) => known.state === 'accepted' || known.state === 'aborted')
    .map(({ version }) => version);
  const serving = state?.champion ?? 0;
  return [...new Set([...kept, 0])]
    .filter((version) => version !== serving || (state !== null && state.candidate !== null))
    .filter((version) => version !== state?.candidate)
    .sort((a, b) => b - a);
}
