import type { Kube } from './kube.ts';

const names = ['anomalymodels.verdict.dev', 'detectorpools.verdict.dev'];

export interface Kinds {
  /** Whether they come, and go, with our release. */
  readonly ours: boolean;
  remove(): Promise<void>;
}

/** The kinds outlive a release on purpose; here they go with it, unless they were there before. */
export async function lookForKinds(kube: Kube): Promise<Kinds> {
  const there = await Promise.all(names.map((name) => kube.find('customresourcedefinition', name)));
  const ours = there.every((one) => one === null);
  return {
    ours,
    async remove() {
      if (!ours) return;
      const tidy = kube.withoutSignal();
      // With a kind all its objects would go: somebody else may have come meanwhile.
      const used = await tidy.attempt([
        'get',
        'anomalymodels,detectorpools',
        '--all-namespaces',
        '--output=name',
      ]);
      if (used.stdout.trim() !== '') return;
      await tidy.text([
        'delete',
        'customresourcedefinition',
        ...names,
        '--ignore-not-found',
        '--timeout=60s',
      ]);
    },
  };
}
