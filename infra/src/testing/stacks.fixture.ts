import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { parseStackConfig, type StackConfig } from '../config/stack-config.ts';

/** What Pulumi.STACK.yaml says, before it is checked. */
export function stackFile(stack: 'dev' | 'prod'): Record<string, unknown> {
  const file = new URL(`../../Pulumi.${stack}.yaml`, import.meta.url);
  return parse(readFileSync(file, 'utf8')).config['verdict:stack'];
}

const roles = [{ claim: 'roles', value: 'Verdict.Admin', roles: ['admin'] }];

/** The stacks that are tested: both files, one with everything that is optional, and web apps. */
export function stacks(): Record<'dev' | 'prod' | 'full' | 'apps', StackConfig> {
  const { kubernetes, ...prod } = stackFile('prod') as { kubernetes: object };
  const { kubernetes: _, ...dev } = stackFile('dev');
  return {
    dev: parseStackConfig(stackFile('dev')),
    prod: parseStackConfig(stackFile('prod')),
    full: parseStackConfig({
      ...prod,
      oidc: { clientId: 'dashboard', audience: 'api://verdict', roles },
      registry: { tier: 'Premium', publicAccess: false },
      kubernetes: {
        ...kubernetes,
        namespaces: ['shop', 'payments'],
        host: 'verdict.example.com',
        privateApi: true,
        version: '1.33',
      },
    }),
    apps: parseStackConfig({
      ...dev,
      hosting: 'webApps',
      oidc: { issuer: 'https://id.example.com', clientId: 'dashboard', roles, label: 'Example' },
      allowedAddresses: ['203.0.113.7', '198.51.100.0/24'],
      webApps: { sku: 'P1v3', instances: 2, zoneRedundant: true, imageTag: '0.1.0' },
    }),
  };
}
