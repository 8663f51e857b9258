import type { V1EnvVar, V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import type { Wire } from '../kube/wire.ts';
import type { PlatformSettings } from './platform-settings.ts';
import { variable } from './pod-variables.ts';

const publicFolder = '/etc/verdict/artefact-keys';
const privateFolder = '/var/run/secrets/verdict-artefacts';

/** A volume, and where it is in the container. */
export interface Mounted {
  readonly volume: Wire<V1Volume>;
  readonly mount: Wire<V1VolumeMount>;
}

/** What a pod is given to check signatures of versions, and to sign: environment and volumes. */
export interface ArtefactKeys {
  readonly environment: readonly Wire<V1EnvVar>[];
  readonly mounted: readonly Mounted[];
}

/** Public keys for whoever loads versions; the private one for whoever publishes them alone. */
export function artefactKeys({ artefacts }: PlatformSettings, publishes: boolean): ArtefactKeys {
  const { publicKeys, signingKey } = artefacts;
  const environment: Wire<V1EnvVar>[] = [];
  const mounted: Mounted[] = [];
  if (publicKeys !== null) {
    environment.push(variable('VERDICT_ARTEFACT_JWKS_FILE', `${publicFolder}/jwks.json`));
    mounted.push({
      volume: {
        name: 'artefact-keys',
        configMap: { name: publicKeys.name, items: [{ key: publicKeys.key, path: 'jwks.json' }] },
      },
      mount: { name: 'artefact-keys', mountPath: publicFolder, readOnly: true },
    });
  }
  if (publishes && signingKey !== null) {
    environment.push(variable('VERDICT_ARTEFACT_KEY_FILE', `${privateFolder}/key`));
    mounted.push({
      volume: {
        name: 'artefact-signing-key',
        secret: { secretName: signingKey.name, items: [{ key: signingKey.key, path: 'key' }] },
      },
      mount: { name: 'artefact-signing-key', mountPath: privateFolder, readOnly: true },
    });
  }
  return { environment, mounted };
}
