import type { AnomalyModelResource, DetectorPoolResource, Resource } from '@verdict/contracts';

/** Where models and pools are declared. */
export interface Registrar {
  putModel(resource: AnomalyModelResource): Promise<void>;
  putPool(resource: DetectorPoolResource): Promise<void>;
}

/** Declares all models, then the pools that serve them. */
export async function register(
  registrar: Registrar,
  resources: readonly Resource[],
  signal: AbortSignal,
): Promise<void> {
  for (const resource of resources) {
    signal.throwIfAborted();
    if (resource.kind === 'AnomalyModel') await registrar.putModel(resource);
  }
  for (const resource of resources) {
    signal.throwIfAborted();
    if (resource.kind === 'DetectorPool') await registrar.putPool(resource);
  }
}
