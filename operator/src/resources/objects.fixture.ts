import { AnomalyModelSpec, DetectorPoolSpec } from '@verdict/contracts';
import type { z } from 'zod';
import { type AnomalyModelObject, apiVersion, type DetectorPoolObject } from './custom-objects.ts';
import type { PlatformSettings } from './platform-settings.ts';

const anywhere = { nodeSelector: {}, tolerations: [], priorityClassName: '' };

/** Settings as a plain installation has them. */
export const settings: PlatformSettings = {
  images: {
    detector: { image: 'registry.example/verdict-detector:1.2.3', pullPolicy: 'IfNotPresent' },
    retrainer: { image: 'registry.example/verdict-retrainer:1.2.3', pullPolicy: 'IfNotPresent' },
  },
  imagePullSecrets: [],
  serviceAccounts: { detector: 'verdict-detector', retrainer: 'verdict-retrainer' },
  workloadIdentity: false,
  gatewayUrl: 'http://verdict-gateway.verdict.svc:8080',
  databaseUrl: { name: 'verdict-database', key: 'url' },
  eventHubs: { connectionString: { name: 'verdict-hubs', key: 'connection' }, dataHub: 'data' },
  blobsUrl: 'https://account.blob.core.windows.net/verdict',
  volumes: [],
  tracing: null,
  artefacts: { publicKeys: null, signingKey: null },
  environment: [],
  placement: { detector: anywhere, training: anywhere },
  lagSource: { kind: 'prometheus', serverAddress: 'http://prometheus.monitoring.svc:9090' },
  logLevel: 'info',
};

/** A pool as the API server gives it, with the spec that was read of it. */
export function poolObject(
  more: Partial<z.input<typeof DetectorPoolSpec>> = {},
  name = 'shop',
): { owner: DetectorPoolObject; spec: DetectorPoolSpec } {
  const spec = { model: 'shop-model', consumerGroup: 'shop', ...more };
  const metadata = { name, namespace: 'team-a', uid: 'pool-uid', generation: 1 };
  return { owner: { apiVersion, kind: 'DetectorPool', metadata, spec }, spec: DetectorPoolSpec.parse(spec) };
}

/** A model as the API server gives it, with the spec that was read of it. */
export function modelObject(
  more: Partial<z.input<typeof AnomalyModelSpec>> = {},
  name = 'shop-model',
): { owner: AnomalyModelObject; spec: AnomalyModelSpec } {
  const spec = { series: ['shop/**'], ...more };
  const metadata = { name, namespace: 'team-a', uid: 'model-uid', generation: 1 };
  return { owner: { apiVersion, kind: 'AnomalyModel', metadata, spec }, spec: AnomalyModelSpec.parse(spec) };
}
