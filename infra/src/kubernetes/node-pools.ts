import type { Input } from '@pulumi/pulumi';
import type { StackConfig } from '../config/stack-config.ts';

type Kubernetes = NonNullable<StackConfig['kubernetes']>;

/** Two pools over all zones: what the cluster needs for itself keeps out of the way of what we run. */
export function nodePools({ zones, systemPool, workPool }: Kubernetes, subnet: Input<string>) {
  const pool = (name: string, { vmSize, leastNodes, mostNodes }: Kubernetes['workPool']) => ({
    name,
    vmSize,
    type: 'VirtualMachineScaleSets',
    osType: 'Linux',
    osSKU: 'AzureLinux',
    vnetSubnetID: subnet,
    availabilityZones: [...zones],
    enableAutoScaling: true,
    count: leastNodes,
    minCount: leastNodes,
    maxCount: mostNodes,
    upgradeSettings: { maxSurge: '33%' },
  });
  return [
    { ...pool('system', systemPool), mode: 'System', nodeTaints: ['CriticalAddonsOnly=true:NoSchedule'] },
    { ...pool('work', workPool), mode: 'User' },
  ];
}
