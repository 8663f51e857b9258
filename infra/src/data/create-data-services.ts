import type { Output } from '@pulumi/pulumi';
import { createIdentity } from '../identity/create-identity.ts';
import { grant } from '../identity/grant.ts';
import type { Network } from '../network/create-network.ts';
import { createPrivateEndpoint } from '../network/private-endpoint.ts';
import type { Site } from '../site.ts';
import { type BlobStorage, createBlobStorage } from './blob-storage.ts';
import { type ContainerRegistry, createContainerRegistry } from './container-registry.ts';
import { type Capture, createEventHubs, type EventHubs } from './event-hubs.ts';
import { createKeyVault, type KeyVault } from './key-vault.ts';
import { createPostgreSql, type PostgreSql } from './postgresql.ts';

/** What processes need, wherever they run. */
export interface DataServices {
  readonly hubs: EventHubs;
  readonly storage: BlobStorage;
  readonly vault: KeyVault;
  readonly database: PostgreSql;
  readonly registry: ContainerRegistry;
}

export function createDataServices(site: Site, network: Network, workspace: Output<string>): DataServices {
  const storage = createBlobStorage(site, network, workspace);
  const hubs = createEventHubs(site, { network, workspace, capture: captureInto(site, storage) });
  const vault = createKeyVault(site, network, workspace);
  const database = createPostgreSql(site, workspace);
  const registry = createContainerRegistry(site, workspace);

  createPrivateEndpoint(site, network, { service: 'database', resource: database.id });
  if (site.config.privateEndpoints) {
    createPrivateEndpoint(site, network, { service: 'hubs', resource: hubs.id });
    createPrivateEndpoint(site, network, { service: 'blobs', resource: storage.id });
    createPrivateEndpoint(site, network, { service: 'vault', resource: vault.id });
    if (site.config.registry.tier === 'Premium')
      createPrivateEndpoint(site, network, { service: 'registry', resource: registry.id });
  }
  return { hubs, storage, vault, database, registry };
}

/** The hubs write what they capture as an identity that may do that and nothing else. */
function captureInto(site: Site, { id, capture }: BlobStorage): Capture | null {
  if (capture === null) return null;
  const identity = createIdentity(site, 'capture');
  const scope = { what: 'capture', id: capture.id };
  const [allowedBy] = grant(site, identity, [['Storage Blob Data Contributor', scope]]);
  if (allowedBy === undefined) throw new Error('capture has no role');
  return { account: id, container: capture.name, identity: identity.id, allowedBy };
}
