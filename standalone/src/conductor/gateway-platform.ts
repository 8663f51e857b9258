import {
  createPlatformClient,
  type PlatformClient,
  type PlatformClientOptions,
} from '@verdict/platform-client';
import type { ConductedPlatform } from './conductor.ts';

/** The platform behind a gateway; pools of any namespace. */
export function gatewayPlatform(
  options: PlatformClientOptions,
): ConductedPlatform & Pick<PlatformClient, 'putModel' | 'putPool'> {
  const clients = new Map<string, PlatformClient>();
  const clientOf = (namespace: string): PlatformClient => {
    const client = clients.get(namespace) ?? createPlatformClient({ ...options, namespace });
    clients.set(namespace, client);
    return client;
  };
  const { models, pools, putModel, putPool } = clientOf('default');
  return {
    models,
    pools,
    putModel,
    putPool,
    saveRollout: ({ namespace, name, rollout }, update) =>
      clientOf(namespace).saveRollout(name, rollout.revision, update),
    setVersionState: ({ namespace, spec }, version, state) =>
      clientOf(namespace).setVersionState(spec.model, version, state),
    writePlan: ({ namespace, name, plan }, partitions) =>
      clientOf(namespace).writePlan(name, plan.revision, partitions),
  };
}
