import type { PlatformClient } from '@verdict/platform-client';
import type { Feed } from '../proof-loop/feed.ts';
import type { CalmScenario } from './calm-scenario.ts';
import type { Kube } from './kube.ts';
import type { Release } from './release.ts';
import type { Steps } from './steps.ts';
import type { ClusterWatch } from './watch-cluster.ts';

/** What the steps of one proof have in common, from when the gateway answers. */
export interface Run {
  readonly kube: Kube;
  readonly release: Release;
  readonly steps: Steps;
  readonly signal: AbortSignal;
  readonly scenario: CalmScenario;
  readonly client: PlatformClient;
  /** The gateway's address. */
  readonly url: string;
  readonly watch: ClusterWatch;
  readonly feed: Feed;
}
