import type { V1EnvVar, V1Toleration, V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import type { Wire } from '../kube/wire.ts';

/** One key of a Secret in the namespace of the object that the pod belongs to. */
export interface SecretKey {
  readonly name: string;
  readonly key: string;
}

/** PostgreSQL's URLs without passwords, for whom tokens of Microsoft Entra ID serve instead: one per identity. */
export interface IdentityUrls {
  readonly detector: string;
  readonly training: string;
}

/** Where the event hubs are: by a connection string, or by the namespace's host name with an identity of Azure. */
export type EventHubsSettings = { readonly dataHub: string } & (
  | { readonly connectionString: SecretKey }
  | { readonly namespace: string }
);

/** An image, and how a node comes by it. */
export interface ImageSettings {
  /** With registry and tag or digest. */
  readonly image: string;
  readonly pullPolicy: 'Always' | 'IfNotPresent' | 'Never';
}

/** Where the autoscaler reads how many events wait: the gauge `verdict_pool_lag_events` (`lagMetric`). */
export type LagSource = {
  /** Name of the TriggerAuthentication in the pool's namespace by which it is let in; absent = nobody asks. */
  readonly authentication?: string | undefined;
} & (
  | { readonly kind: 'prometheus' /** URL of the Prometheus server. */; readonly serverAddress: string }
  | { readonly kind: 'metrics-api' /** URL of a page in Prometheus' format. */; readonly url: string }
);

/** Where traces go, and how many. */
export interface TracingSettings {
  /** URL of a collector: OTLP over HTTP. */
  readonly endpoint: string;
  /** `name=value,…` of every request to it, such as an API key; null = none. */
  readonly headers: SecretKey | null;
  /** As OTEL_TRACES_SAMPLER; empty = the default. */
  readonly sampler: string;
  /** As OTEL_TRACES_SAMPLER_ARG; null = the default. */
  readonly samplerArgument: number | null;
  /** Further attributes of every process: `deployment.environment.name`. */
  readonly resourceAttributes: Readonly<Record<string, string>>;
}

/** How versions of models are signed and checked. */
export interface ArtefactSettings {
  /** A key of a ConfigMap: the JWK set whose signatures are believed; null = nothing has to be signed. */
  readonly publicKeys: { readonly name: string; readonly key: string } | null;
  /** The private key, for trainings alone; null = what they publish is not signed. */
  readonly signingKey: SecretKey | null;
}

/** Which nodes pods may go to. */
export interface Placement {
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Wire<V1Toleration>[];
  /** Empty = the cluster's default. */
  readonly priorityClassName: string;
}

/** What pods need beyond what models and pools say: the same for all of them, given by whoever installs Verdict. */
export interface PlatformSettings {
  readonly images: { readonly detector: ImageSettings; readonly retrainer: ImageSettings };
  /** Names of Secrets for the image registry. */
  readonly imagePullSecrets: readonly string[];
  /** Service accounts in the namespace of the pods; the gateway knows roles by them. */
  readonly serviceAccounts: { readonly detector: string; readonly retrainer: string };
  /** Whether pods are to be given an identity by AKS workload identity. */
  readonly workloadIdentity: boolean;
  readonly gatewayUrl: string;
  /** The whole connection URL of PostgreSQL out of a Secret, or URLs for identities of Azure. */
  readonly databaseUrl: SecretKey | IdentityUrls;
  readonly eventHubs: EventHubsSettings;
  /** `VERDICT_BLOBS_URL`, out of a Secret where a key is part of it. */
  readonly blobsUrl: string | SecretKey;
  /** Volumes that every pod gets: shared blobs of a trial, secrets by CSI. */
  readonly volumes: readonly { readonly volume: Wire<V1Volume>; readonly mount: Wire<V1VolumeMount> }[];
  /** Null = no traces. */
  readonly tracing: TracingSettings | null;
  readonly artefacts: ArtefactSettings;
  /** Further environment of every pod; what is named here is not set otherwise. */
  readonly environment: readonly Wire<V1EnvVar>[];
  readonly placement: { readonly detector: Placement; readonly training: Placement };
  /** Null = no pool can be scaled by its lag. */
  readonly lagSource: LagSource | null;
  readonly logLevel: string;
}
