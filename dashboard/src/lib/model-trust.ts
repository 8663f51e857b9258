import type { ModelTrust, TrustMessage } from '@verdict/contracts';

interface Trusted {
  readonly namespace: string;
  readonly name: string;
  readonly trust: ModelTrust | null;
}

/**
 * Puts a model's trust as it was told into the list of models; news older than what is known is dropped, and the list
 * stays the same one. `notable`: the history has a new point, not only a later look at the same.
 */
export function withTrust<M extends Trusted>(
  models: M[],
  { namespace, name, trust }: TrustMessage,
): { models: M[]; notable: boolean } {
  const at = models.findIndex((model) => model.name === name && model.namespace === namespace);
  const known = models[at];
  if (known === undefined) return { models, notable: false };
  const before = known.trust;
  if (before !== null && Date.parse(before.at) >= Date.parse(trust.at)) return { models, notable: false };
  return { models: models.with(at, { ...known, trust }), notable: before === null || differ(before, trust) };
}

function differ(before: ModelTrust, after: ModelTrust): boolean {
  const said = ({ version, confidence, quality }: ModelTrust) =>
    JSON.stringify([version, confidence.state, confidence.judged, confidence.tp, confidence.fp, quality]);
  return said(before) !== said(after);
}
