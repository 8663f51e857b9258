import { AdministratorsMicrosoftEntra } from '@pulumi/azure-native/dbforpostgresql/administratorsMicrosoftEntra.js';
import { Configuration } from '@pulumi/azure-native/dbforpostgresql/configuration.js';
import { Database } from '@pulumi/azure-native/dbforpostgresql/database.js';
import { Server } from '@pulumi/azure-native/dbforpostgresql/server.js';
import { interpolate, type Output, type Resource } from '@pulumi/pulumi';
import { sendDiagnostics } from '../observation/send-diagnostics.ts';
import type { Site } from '../site.ts';

export interface PostgreSql {
  readonly id: Output<string>;
  readonly host: Output<string>;
  readonly database: Output<string>;
}

const tiers: Record<string, string> = { B: 'Burstable', D: 'GeneralPurpose', E: 'MemoryOptimized' };

/** What the server insists on, beyond its defaults. */
const settings = { require_secure_transport: 'on', ssl_min_protocol_version: 'TLSv1.2' };

/** PostgreSQL without passwords, and without a public address in every stack: it has a private endpoint always. */
export function createPostgreSql(site: Site, workspace: Output<string>): PostgreSql {
  const { database: config, administrators } = site.config;
  const server = new Server(
    'database',
    {
      serverName: site.names.unique,
      resourceGroupName: site.resourceGroupName,
      location: site.location,
      tags: site.tags,
      version: '18',
      sku: { name: config.sku, tier: tiers[config.sku.charAt('Standard_'.length)] ?? 'GeneralPurpose' },
      storage: { storageSizeGB: config.storageGb, autoGrow: 'Enabled' },
      authConfig: { activeDirectoryAuth: 'Enabled', passwordAuth: 'Disabled', tenantId: site.tenantId },
      network: { publicNetworkAccess: 'Disabled' },
      highAvailability: { mode: config.standby ? 'ZoneRedundant' : 'Disabled' },
      backup: {
        backupRetentionDays: config.backupDays,
        geoRedundantBackup: config.geoRedundantBackup ? 'Enabled' : 'Disabled',
      },
      maintenanceWindow: { customWindow: 'Enabled', dayOfWeek: 0, startHour: 3, startMinute: 0 },
    },
    {
      // It grows by itself, and zones change places at a failover.
      ignoreChanges: [
        'storage.storageSizeGB',
        'availabilityZone',
        'highAvailability.standbyAvailabilityZone',
      ],
      protect: true,
    },
  );
  const of = { serverName: server.name, resourceGroupName: site.resourceGroupName };
  // The server takes one change at a time.
  let before: Resource = new AdministratorsMicrosoftEntra('database-administrators', {
    ...of,
    objectId: administrators.objectId,
    principalName: administrators.name,
    principalType: 'Group',
    tenantId: site.tenantId,
  });
  for (const [configurationName, value] of Object.entries(settings))
    before = new Configuration(
      `database-${configurationName.replaceAll('_', '-')}`,
      { ...of, configurationName, value, source: 'user-override' },
      { dependsOn: [before] },
    );
  const database = new Database(
    'verdict-database',
    { ...of, databaseName: 'verdict', charset: 'UTF8', collation: 'en_US.utf8' },
    { dependsOn: [before], protect: true },
  );
  sendDiagnostics({ name: 'database', resource: server.id, workspace });
  return {
    id: server.id,
    host: interpolate`${server.name}.postgres.database.azure.com`,
    database: database.name,
  };
}
