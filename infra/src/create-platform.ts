import type { StackConfig } from './config/stack-config.ts';
import { createBudget } from './create-budget.ts';
import { createSite } from './create-site.ts';
import { createDataServices } from './data/create-data-services.ts';
import { grantAdministrators } from './identity/grant.ts';
import { serviceScopes } from './identity/service-roles.ts';
import { createKubernetesHosting } from './kubernetes/create-kubernetes-hosting.ts';
import { createNetwork } from './network/create-network.ts';
import { createLogWorkspace } from './observation/log-workspace.ts';
import { kubernetesOutputs } from './outputs/kubernetes-outputs.ts';
import { webAppsOutputs } from './outputs/web-apps-outputs.ts';
import { createWebAppsHosting } from './web-apps/create-web-apps-hosting.ts';

/** Everything of one stack; what it returns becomes the stack's outputs. */
export function createPlatform(stack: string, config: StackConfig) {
  const site = createSite(stack, config);
  createBudget(site);
  const workspace = createLogWorkspace(site);
  const network = createNetwork(site, workspace);
  const services = createDataServices(site, network, workspace);
  const { vault, registry } = serviceScopes(services);
  grantAdministrators(site, [
    ['Key Vault Secrets Officer', vault],
    ['AcrPush', registry],
  ]);
  const parts = { network, services, workspace };
  return config.hosting === 'kubernetes'
    ? kubernetesOutputs(site, services, createKubernetesHosting(site, parts))
    : webAppsOutputs(site, services, createWebAppsHosting(site, parts));
}
