import { z } from 'zod';

const IdentityFacts = z.object({
  /** Name of the identity, and of its role in the database. */
  name: z.string().min(1),
  clientId: z.guid(),
  principalId: z.guid(),
  /** VERDICT_DATABASE_URL of this process: without a password. */
  databaseUrl: z.string().startsWith('postgresql://'),
});
export type IdentityFacts = z.output<typeof IdentityFacts>;

const common = {
  tenantId: z.guid(),
  registry: z.string().min(1),
  blobsUrl: z.url({ protocol: /^https$/ }),
  /** VERDICT_EVENT_HUBS_NAMESPACE. */
  eventHubsNamespace: z.string().min(1),
  databaseHost: z.string().min(1),
  databaseName: z.string().min(1),
  vaultName: z.string().min(1),
  signingKeySecret: z.string().min(1),
  /** Null = local users alone. */
  oidc: z
    .object({
      issuer: z.url({ protocol: /^https$/ }),
      clientId: z.string().optional(),
      audience: z.string().optional(),
      roles: z.array(z.object({ claim: z.string(), value: z.string(), roles: z.array(z.string()) })),
      label: z.string(),
    })
    .nullable(),
};

/** What a stack with a cluster tells: `platform` of `pulumi stack output --json`. */
export const KubernetesFacts = z.object({
  hosting: z.literal('kubernetes'),
  ...common,
  clusterName: z.string().min(1),
  issuer: z.url({ protocol: /^https$/ }),
  grafana: z.string(),
  release: z.string().min(1),
  releaseNamespace: z.string().min(1),
  namespaces: z.array(z.string().min(1)).min(1),
  /** Host name of the dashboard; empty = no Ingress. */
  host: z.string(),
  identities: z.object({
    gateway: IdentityFacts,
    retrainer: IdentityFacts,
    detector: IdentityFacts,
    training: IdentityFacts,
  }),
});
export type KubernetesFacts = z.output<typeof KubernetesFacts>;

/** What a stack with web apps tells. */
export const WebAppsFacts = z.object({
  hosting: z.literal('webApps'),
  ...common,
  hosts: z.object({ gateway: z.string(), 'front-end': z.string(), workers: z.string() }),
  identities: z.object({ gateway: IdentityFacts, 'front-end': IdentityFacts, workers: IdentityFacts }),
});
export type WebAppsFacts = z.output<typeof WebAppsFacts>;

const Facts = z.discriminatedUnion('hosting', [KubernetesFacts, WebAppsFacts]);
export type Facts = z.output<typeof Facts>;

/** Reads what `pulumi stack output --json` printed; throws one error that lists what is wrong. */
export function parseFacts(json: string): Facts {
  const parsed = z.object({ platform: Facts }).safeParse(JSON.parse(json));
  if (parsed.success) return parsed.data.platform;
  throw new Error(
    `this is not what \`pulumi stack output --json\` prints:\n${z.prettifyError(parsed.error)}`,
  );
}

/** The same of a stack that has a cluster. */
export function parseKubernetesFacts(json: string): KubernetesFacts {
  const facts = parseFacts(json);
  if (facts.hosting !== 'kubernetes') throw new Error('this stack has web apps, and no cluster');
  return facts;
}
