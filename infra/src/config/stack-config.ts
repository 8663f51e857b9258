import { z } from 'zod';
import { OpenIdConnect } from './open-id-connect.ts';

const kubernetesName = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'a name of Kubernetes');
/** IPv4, alone or with a prefix: what all firewalls of Azure take. */
const address = z.union([z.ipv4(), z.cidrv4()]);

const NodePool = z
  .strictObject({
    vmSize: z.string().regex(/^Standard_\w+$/, 'a size of virtual machines'),
    leastNodes: z.number().int().min(1).max(1000),
    mostNodes: z.number().int().min(1).max(1000),
  })
  .refine(({ leastNodes, mostNodes }) => mostNodes >= leastNodes, 'mostNodes is less than leastNodes');

const Kubernetes = z.strictObject({
  /** `Free` promises no availability of the API server. */
  tier: z.enum(['Free', 'Standard']),
  /** Minor version, such as `1.33`; Azure's default without it. Patches come by themselves. */
  version: z
    .string()
    .regex(/^\d+\.\d+$/)
    .optional(),
  zones: z.array(z.enum(['1', '2', '3'])).min(1),
  systemPool: NodePool,
  workPool: NodePool,
  /** The API server has no public address: `helm` then runs inside the network. */
  privateApi: z.boolean().default(false),
  /** Where the chart is installed. Names of its service accounts begin with the release's. */
  release: kubernetesName.default('verdict'),
  releaseNamespace: kubernetesName.default('verdict'),
  /** Namespaces with models and pools; empty = the release's own. */
  namespaces: z.array(kubernetesName).default([]),
  /** Host name of the dashboard; without it there is no Ingress. */
  host: z.hostname().optional(),
});

const WebApps = z.strictObject({
  /** Size of the plan's machines. WebSockets and private networks need Basic at least. */
  sku: z.enum(['B2', 'B3', 'P0v3', 'P1v3', 'P2v3', 'P3v3']),
  instances: z.number().int().min(1).max(10),
  zoneRedundant: z.boolean().default(false),
  /** Tag of the images in the registry. */
  imageTag: z.string().regex(/^[\w.-]{1,128}$/),
});

const EventHubs = z.strictObject({
  /** One takes 1 MB/s or 1000 events/s in, and 2 MB/s out. */
  throughputUnits: z.number().int().min(1).max(40),
  /** Auto-inflate goes up to here, and never down by itself. */
  mostThroughputUnits: z.number().int().min(1).max(40),
  dataPartitions: z.number().int().min(1).max(32).default(8),
  feedbackPartitions: z.number().int().min(1).max(32).default(4),
  /** The tier `Standard` keeps events for seven days at most. */
  retentionHours: z.number().int().min(1).max(168).default(72),
  /** Of the data hub, one per DetectorPool (`spec.consumerGroup`); the tier takes 20, with `$Default`. */
  consumerGroups: z
    .array(z.string().regex(/^[a-z0-9][-a-z0-9._]{0,49}$/))
    .min(1)
    .max(19)
    .default(['default', 'host', 'shop']),
  /** Keeps every event of the data hub as Avro in the storage account. */
  capture: z.boolean().default(false),
  /** Captured events are deleted after this. */
  captureDays: z.number().int().min(1).max(3650).default(30),
});

const Database = z.strictObject({
  sku: z.string().regex(/^Standard_[BDE]\w+$/, 'a size of PostgreSQL flexible servers'),
  storageGb: z.union([32, 64, 128, 256, 512, 1024, 2048, 4096].map((size) => z.literal(size))),
  /** A second server in another zone takes over when the first one fails. */
  standby: z.boolean().default(false),
  backupDays: z.number().int().min(7).max(35).default(7),
  geoRedundantBackup: z.boolean().default(false),
});

/** What a stack is made of: `verdict:stack` of Pulumi.STACK.yaml. */
export const StackConfig = z
  .strictObject({
    location: z.string().regex(/^[a-z0-9]+$/, 'a region such as westeurope'),
    /** Makes names unique where they are so in the whole world. Never change it: everything would be made anew. */
    suffix: z.string().regex(/^[a-z0-9]{3,6}$/, '3 to 6 lower-case letters and digits'),
    hosting: z.enum(['kubernetes', 'webApps']),
    tags: z.strictObject({ owner: z.string().min(1), costCentre: z.string().min(1) }),
    /** Group of Microsoft Entra ID that administers cluster, database, vault, registry and Grafana. */
    administrators: z.strictObject({ objectId: z.guid(), name: z.string().min(1) }),
    budget: z.strictObject({
      /** In the currency of the subscription. */
      monthlyAmount: z.number().positive(),
      startDate: z.string().regex(/^20\d\d-(0[1-9]|1[0-2])-01$/, 'the first day of a month, as 2026-12-01'),
      contactEmails: z.array(z.email()).min(1),
    }),
    /** Event hubs, storage and vault are reached through the network alone, and have no public address. */
    privateEndpoints: z.boolean(),
    /** Who else may come: to hubs, storage and vault where they are public, to the API server, to the web apps. */
    allowedAddresses: z.array(address).default([]),
    eventHubs: EventHubs,
    storage: z.strictObject({ redundancy: z.enum(['LRS', 'ZRS', 'GZRS']).default('LRS') }).prefault({}),
    database: Database,
    registry: z
      .strictObject({
        tier: z.enum(['Basic', 'Standard', 'Premium']).default('Basic'),
        /** Whoever pushes images from outside of the network needs it; who one is counts in any case. */
        publicAccess: z.boolean().default(true),
      })
      .prefault({}),
    kubernetes: Kubernetes.optional(),
    webApps: WebApps.optional(),
    /** Log-ins with Microsoft Entra ID or another provider. */
    oidc: OpenIdConnect.optional(),
    /** Days that logs are kept. */
    logRetentionDays: z.number().int().min(30).max(730).default(30),
  })
  .superRefine((config, context) => {
    const issue = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    const { eventHubs, database, registry, hosting } = config;
    if (config[hosting] === undefined) issue([hosting], `needed with hosting: ${hosting}`);
    const other = hosting === 'kubernetes' ? 'webApps' : 'kubernetes';
    if (config[other] !== undefined) issue([other], `means nothing with hosting: ${hosting}`);
    if (eventHubs.mostThroughputUnits < eventHubs.throughputUnits)
      issue(['eventHubs', 'mostThroughputUnits'], 'is less than throughputUnits');
    if (new Set(eventHubs.consumerGroups).size < eventHubs.consumerGroups.length)
      issue(['eventHubs', 'consumerGroups'], 'names a group twice');
    if (database.standby && database.sku.startsWith('Standard_B'))
      issue(['database', 'standby'], 'burstable sizes (B) have no standby');
    if (registry.tier !== 'Premium' && !registry.publicAccess)
      issue(['registry', 'publicAccess'], 'only the tier Premium can do without');
    if (config.kubernetes?.privateApi && config.allowedAddresses.length > 0)
      issue(['kubernetes', 'privateApi'], 'a private API server takes no allowedAddresses');
    if (config.oidc?.clientId !== undefined && config.kubernetes !== undefined && !config.kubernetes.host)
      issue(['kubernetes', 'host'], 'needed with oidc.clientId: people are sent back there');
    if (config.webApps?.zoneRedundant && config.webApps.instances < 2)
      issue(['webApps', 'instances'], 'two at least with zoneRedundant');
    if (config.webApps?.zoneRedundant && config.webApps.sku.startsWith('B'))
      issue(['webApps', 'zoneRedundant'], 'not with the Basic tier');
  });
export type StackConfig = z.output<typeof StackConfig>;

/** Throws one error that lists everything that is wrong. */
export function parseStackConfig(value: unknown): StackConfig {
  const parsed = StackConfig.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(`verdict:stack is not as it must be:\n${z.prettifyError(parsed.error)}`);
}
