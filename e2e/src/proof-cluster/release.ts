import { answerWithoutLimit } from '../platform/answer-without-limit.ts';
import { chart } from './checkout.ts';
import type { Kube } from './kube.ts';
import { type Ended, endOf, outputOf } from './program.ts';

export const releaseName = 'verdict';

/** Helm's view of our release. */
export interface Release {
  /** Installs or upgrades to a chart; `null` = the checkout's. Does not wait for pods. */
  apply(chartFolder: string | null): Promise<void>;
  /** Resolves when all that the release runs is there, in the newest form. */
  ready(): Promise<void>;
  test(): Promise<string>;
  uninstall(): Promise<Ended>;
}

/**
 * The embedded profile, on claims of the place. One gateway and one operator: the machine has two processors. All
 * images have the tag and are in the cluster.
 */
function values({ tag, kinds }: ReleaseOptions): object {
  return {
    crds: { install: kinds },
    image: { tag, pullPolicy: 'IfNotPresent' },
    embedded: { enabled: true, persistence: { postgresClaim: 'postgres', eventHubsClaim: 'event-hubs' } },
    blobs: { url: 'file:///blobs', existingClaim: 'blobs' },
    gateway: {
      replicas: 1,
      usersSecret: 'e2e-users',
      extraEnv: Object.entries(answerWithoutLimit).map(([name, value]) => ({ name, value })),
    },
    operator: { replicas: 1 },
  };
}

export interface ReleaseOptions {
  /** Tag of the images. */
  readonly tag: string;
  /** Whether the chart brings the kinds. */
  readonly kinds: boolean;
  readonly signal: AbortSignal;
}

export function helmRelease(kube: Kube, options: ReleaseOptions): Release {
  const { signal } = options;
  const inNamespace = [`--namespace=${kube.namespace}`];
  const helm = (args: readonly string[], input?: string): Promise<string> =>
    outputOf('helm', [...args, ...inNamespace], {
      ...(input === undefined ? {} : { input }),
      timeoutMs: 180_000,
      signal,
    });
  return {
    async apply(chartFolder) {
      const args = ['upgrade', releaseName, chartFolder ?? chart, '--install', '--values=-'];
      await helm([...args, '--timeout=120s'], JSON.stringify(values(options)));
    },
    async ready() {
      const parts = await kube.list('deployments,statefulsets', [
        `--selector=app.kubernetes.io/instance=${releaseName}`,
      ]);
      if (parts.length === 0) throw new Error('the release has no Deployments');
      for (const { kind, metadata } of parts)
        await kube.text(['rollout', 'status', `${kind}/${metadata.name}`, '--timeout=240s'], 250_000);
    },
    test: () => helm(['test', releaseName, '--timeout=120s']),
    uninstall: () =>
      endOf('helm', ['uninstall', releaseName, '--wait', '--timeout=150s', ...inNamespace], {
        timeoutMs: 180_000,
      }),
  };
}
