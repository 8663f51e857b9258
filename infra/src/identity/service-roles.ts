import type { DataServices } from '../data/create-data-services.ts';
import type { Scope } from './grant.ts';

/** What roles of processes can be for: single hubs, containers and secrets, never a whole account. */
export function serviceScopes({ hubs, storage, vault, registry }: DataServices) {
  return {
    dataHub: { what: 'data hub', id: hubs.data },
    feedbackHub: { what: 'feedback hub', id: hubs.feedback },
    blobs: { what: 'blobs', id: storage.verdict.id },
    signingKey: { what: 'signing key', id: vault.secretId('signingKey') },
    servicePassword: { what: 'service password', id: vault.secretId('servicePassword') },
    registry: { what: 'registry', id: registry.id },
    vault: { what: 'vault', id: vault.id },
  } satisfies Record<string, Scope>;
}
