import { each, type Policy } from './policy.ts';

/** Types that are nothing but keys, or passwords. */
const keys = /:(\w*AuthorizationRule|WebAppPublishing\w*|Token|Secret|LinkedService|StorageAccountKey)$/;
/** What keys look like in texts. */
const secret = /SharedAccessKey|AccountKey=|SharedAccessSignature|\bsig=|:\/\/[^/@\s]+:[^/@\s]+@/i;

/** All texts in a value, however deep. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

/** Texts of a value that hold a key or a password. */
export function secretTexts(value: unknown): string[] {
  return texts(value).filter((text) => secret.test(text));
}

/** Whoever comes, comes as an identity: no keys, no passwords, nothing in a text that would open a door. */
export const noSharedKeys: Policy = (resources) => [
  ...each(resources, 'storage:StorageAccount', {
    must: 'take no shared keys, no local users, and let no stranger read',
    holds: (inputs) =>
      inputs.allowSharedKeyAccess === false &&
      inputs.allowBlobPublicAccess === false &&
      inputs.isLocalUserEnabled === false,
  }),
  ...each(resources, 'eventhub:Namespace', {
    must: 'take no keys',
    holds: ({ disableLocalAuth }) => disableLocalAuth === true,
  }),
  ...each(resources, 'dbforpostgresql:Server', {
    must: 'take tokens and no passwords',
    holds: ({ authConfig, administratorLoginPassword }) =>
      authConfig?.passwordAuth === 'Disabled' &&
      authConfig.activeDirectoryAuth === 'Enabled' &&
      administratorLoginPassword === undefined,
  }),
  ...each(resources, 'containerregistry:Registry', {
    must: 'have no administrator with a password, and nothing for strangers',
    holds: ({ adminUserEnabled, anonymousPullEnabled }) =>
      adminUserEnabled === false && anonymousPullEnabled === false,
  }),
  ...each(resources, 'keyvault:Vault', {
    must: 'go by roles',
    holds: ({ properties }) =>
      properties.enableRbacAuthorization === true && !properties.accessPolicies?.length,
  }),
  ...each(resources, 'containerservice:ManagedCluster', {
    must: 'have no local accounts',
    holds: ({ disableLocalAccounts }) => disableLocalAccounts === true,
  }),
  ...each(resources, 'operationalinsights:Workspace', {
    must: 'take no keys',
    holds: ({ features }) => features?.disableLocalAuth === true,
  }),
  ...each(resources, 'dashboard:Grafana', {
    must: 'have no API keys',
    holds: ({ properties }) => properties?.apiKey === 'Disabled',
  }),
  ...['web:WebAppFtpAllowed', 'web:WebAppScmAllowed'].flatMap((type) =>
    each(resources, type, { must: 'be off', holds: ({ allow }) => allow === false }),
  ),
  ...resources.filter(({ type }) => keys.test(type)).map(({ type, name }) => `${type} ${name} is a key`),
  ...resources
    .filter(({ inputs }) => secretTexts(inputs).length > 0)
    .map(({ type, name }) => `${type} ${name} has a key in a text`),
];
