import type { Kube } from './kube.ts';

const names = ['anomalymodels.verdict.dev', 'detectorpools.verdict.dev'];

/** The kinds outlive a release on purpose; here they go with it, if they came with it. */
export async function ownKinds(kube: Kube): Promise<{ remove(): Promise<void> }> {
  const there = await Promise.all(names.map((name) => kube.find('customresourcedefinition', name)));
  const missing = names.filter((_, index) => there[index] === null);
  if (missing.length < names.length)
    throw new Error('the kinds of Verdict are in this cluster already: another release is in it, or was');
  return {
    async remove() {
      const tidy = kube.withoutSignal();
      await tidy.text([
        'delete',
        'customresourcedefinition',
        ...missing,
        '--ignore-not-found',
        '--timeout=60s',
      ]);
    },
  };
}
