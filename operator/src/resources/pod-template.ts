import type {
  V1Container,
  V1EnvVar,
  V1PodSecurityContext,
  V1PodSpec,
  V1SecurityContext,
} from '@kubernetes/client-node';
import type { Resources } from '@verdict/contracts';
import type { Wire } from '../kube/wire.ts';
import { artefactKeys, type Mounted } from './artefact-keys.ts';
import type { IdentityUrls, ImageSettings, Placement, PlatformSettings } from './platform-settings.ts';
import { secretVariable, variable } from './pod-variables.ts';
import { type TracedPod, tracingEnvironment } from './tracing-environment.ts';

type EnvVar = Wire<V1EnvVar>;

/** Who the gateway's tokens are for. */
const tokenAudience = 'verdict';
const tokenFolder = '/var/run/secrets/verdict';
/** Where a pod finds its token for the gateway; the kubelet renews it at four fifths of its life. */
export const tokenFile = `${tokenFolder}/token`;
const tokenSeconds = 3600;

/** What PodSecurity `restricted` asks of a pod. */
const podSecurity: Wire<V1PodSecurityContext> = {
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};

/** What it asks of a container, and a root file system that nobody can write. */
const containerSecurity: Wire<V1SecurityContext> = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

/** What differs between the pods that the operator runs. */
export interface PodParts {
  readonly container: { readonly name: string; readonly image: ImageSettings } & Omit<
    Partial<Wire<V1Container>>,
    'name' | 'image'
  >;
  readonly environment: readonly EnvVar[];
  readonly resources: Resources;
  readonly serviceAccount: string;
  /** As whom it comes to the database, where identities do. */
  readonly identity: keyof IdentityUrls;
  readonly placement: Placement;
  /** Room for temporary files, such as `256Mi`; the rest of the file system cannot be written. */
  readonly temporaryFiles: string;
  /** Whether the pod speaks to the gateway. */
  readonly gatewayToken: boolean;
  /** Whether it publishes versions, and signs them where they are signed. */
  readonly publishes: boolean;
  /** As whom it traces. */
  readonly traced: TracedPod;
}

/** The pod of a detector or a training, without what is special to either. */
export function podSpec(settings: PlatformSettings, parts: PodParts): Wire<V1PodSpec> {
  const { image, name, ...container } = parts.container;
  const { nodeSelector, tolerations, priorityClassName } = parts.placement;
  const mounted = mountedVolumes(settings, parts);
  return {
    serviceAccountName: parts.serviceAccount,
    // Nothing here may speak to the API server.
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: podSecurity,
    ...(settings.imagePullSecrets.length === 0
      ? {}
      : { imagePullSecrets: settings.imagePullSecrets.map((secret) => ({ name: secret })) }),
    ...(Object.keys(nodeSelector).length === 0 ? {} : { nodeSelector: { ...nodeSelector } }),
    ...(tolerations.length === 0 ? {} : { tolerations: [...tolerations] }),
    ...(priorityClassName === '' ? {} : { priorityClassName }),
    containers: [
      {
        name,
        image: image.image,
        imagePullPolicy: image.pullPolicy,
        env: environmentOf(settings, parts),
        resources: resourcesOf(parts.resources),
        securityContext: containerSecurity,
        volumeMounts: mounted.map(({ mount }) => mount),
        ...container,
      },
    ],
    volumes: mounted.map(({ volume }) => volume),
  };
}

/** Labels of pods that are told by the settings. */
export function identityLabels({ workloadIdentity }: PlatformSettings): Record<string, string> {
  return workloadIdentity ? { 'azure.workload.identity/use': 'true' } : {};
}

/** The API server refuses a name that stands twice, so whoever installs may set anew what is set here. */
function environmentOf(settings: PlatformSettings, parts: PodParts): EnvVar[] {
  const theirs = new Set(settings.environment.map(({ name }) => name));
  const ours = [...commonEnvironment(settings, parts), ...parts.environment];
  return [...ours.filter(({ name }) => !theirs.has(name)), ...settings.environment];
}

function commonEnvironment(settings: PlatformSettings, parts: PodParts): EnvVar[] {
  return [
    ...databaseEnvironment(settings, parts.identity),
    blobsVariable(settings),
    variable('VERDICT_LOG_LEVEL', settings.logLevel),
    ...artefactKeys(settings, parts.publishes).environment,
    ...tracingEnvironment(settings, parts.traced),
  ];
}

function blobsVariable({ blobsUrl }: PlatformSettings): EnvVar {
  const name = 'VERDICT_BLOBS_URL';
  return typeof blobsUrl === 'string' ? variable(name, blobsUrl) : secretVariable(name, blobsUrl);
}

function databaseEnvironment({ databaseUrl }: PlatformSettings, identity: keyof IdentityUrls): EnvVar[] {
  if ('key' in databaseUrl) return [secretVariable('VERDICT_DATABASE_URL', databaseUrl)];
  return [
    variable('VERDICT_DATABASE_URL', databaseUrl[identity]),
    variable('VERDICT_DATABASE_AUTH', 'entra'),
  ];
}

function resourcesOf({ requests, limits }: Resources) {
  return { ...(requests ? { requests: texts(requests) } : {}), ...(limits ? { limits: texts(limits) } : {}) };
}

/** Quantities as text: the API server gives them back so. */
function texts(amounts: NonNullable<Resources['requests']>): Record<string, string> {
  return Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, String(amount)]));
}

function mountedVolumes(
  settings: PlatformSettings,
  { temporaryFiles, gatewayToken, publishes }: PodParts,
): Mounted[] {
  const temporary: Mounted = {
    volume: { name: 'tmp', emptyDir: { sizeLimit: temporaryFiles } },
    mount: { name: 'tmp', mountPath: '/tmp' },
  };
  const projection = { audience: tokenAudience, expirationSeconds: tokenSeconds, path: 'token' };
  const token: Mounted = {
    volume: { name: 'gateway-token', projected: { sources: [{ serviceAccountToken: projection }] } },
    mount: { name: 'gateway-token', mountPath: tokenFolder, readOnly: true },
  };
  const keys = artefactKeys(settings, publishes).mounted;
  return [temporary, ...(gatewayToken ? [token] : []), ...keys, ...settings.volumes];
}
