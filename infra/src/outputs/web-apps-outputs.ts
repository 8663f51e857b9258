import type { DataServices } from '../data/create-data-services.ts';
import type { Site } from '../site.ts';
import type { WebAppsHosting } from '../web-apps/create-web-apps-hosting.ts';
import { commonOutputs, identityOutputs } from './common-outputs.ts';

/** As WebAppsFacts. */
export function webAppsOutputs(site: Site, services: DataServices, hosting: WebAppsHosting) {
  return {
    hosting: 'webApps' as const,
    ...commonOutputs(site, services),
    hosts: hosting.hosts,
    identities: identityOutputs(hosting.identities, services),
  };
}
