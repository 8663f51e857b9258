import { each, ofType, type Policy } from './policy.ts';

/** The database has no public address, no hole in a firewall, and an address within the network. */
export const noPublicDatabase: Policy = (resources) => [
  ...each(resources, 'dbforpostgresql:Server', {
    must: 'have no public address',
    holds: ({ network }) => network?.publicNetworkAccess === 'Disabled',
  }),
  ...ofType(resources, 'dbforpostgresql:FirewallRule').map(
    ({ name }) => `firewall rule ${name} is not wanted`,
  ),
  ...ofType(resources, 'dbforpostgresql:Server')
    .filter(
      (server) =>
        !ofType(resources, 'network:PrivateEndpoint').some(({ inputs }) =>
          inputs.privateLinkServiceConnections.some(
            (connection: { privateLinkServiceId: string }) => connection.privateLinkServiceId === server.id,
          ),
        ),
    )
    .map(({ name }) => `dbforpostgresql:Server ${name} must have a private endpoint`),
];
