import { NetworkSecurityGroup } from '@pulumi/azure-native/network/networkSecurityGroup.js';
import type { Input, Output } from '@pulumi/pulumi';
import { sendDiagnostics } from '../observation/send-diagnostics.ts';
import type { Site } from '../site.ts';

/** Who may come in from where: to these ports, by TCP. */
interface Allowed {
  readonly name: string;
  /** A service tag or prefix. */
  readonly from: string;
  readonly ports: readonly string[];
}

/** Lets in what is named, the network itself and Azure's load balancers (default rules), and nothing else. */
function securityGroup(site: Site, workspace: Input<string>, name: string, allowed: readonly Allowed[]) {
  const group = new NetworkSecurityGroup(`${name}-security`, {
    networkSecurityGroupName: `${site.names.plain}-${name}`,
    resourceGroupName: site.resourceGroupName,
    location: site.location,
    tags: site.tags,
    securityRules: allowed.map((rule, index) => ({
      name: rule.name,
      priority: 100 + 10 * index,
      direction: 'Inbound',
      access: 'Allow',
      protocol: 'Tcp',
      sourceAddressPrefix: rule.from,
      sourcePortRange: '*',
      destinationAddressPrefix: '*',
      destinationPortRanges: [...rule.ports],
    })),
  });
  sendDiagnostics({ name: `${name}-security`, resource: group.id, workspace, metrics: false });
  return group.id;
}

export interface SecurityGroups {
  readonly nodes: Output<string>;
  readonly endpoints: Output<string>;
  readonly apps: Output<string>;
}

/** One for each subnet. People reach the dashboard through the Ingress; 80 is there to be sent on to 443. */
export function createSecurityGroups(site: Site, workspace: Input<string>): SecurityGroups {
  const ingress = { name: 'ingress', from: 'Internet', ports: ['80', '443'] };
  return {
    nodes: securityGroup(site, workspace, 'nodes', site.config.hosting === 'kubernetes' ? [ingress] : []),
    endpoints: securityGroup(site, workspace, 'endpoints', []),
    apps: securityGroup(site, workspace, 'apps', []),
  };
}
