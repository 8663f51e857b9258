import { each, ofType, type Policy } from './policy.ts';

const modern = (version: unknown) => version === '1.2' || version === '1.3';

/** Nobody speaks without TLS, or with one older than 1.2. */
export const tls: Policy = (resources) => [
  ...each(resources, 'eventhub:Namespace', {
    must: 'want TLS 1.2',
    holds: ({ minimumTlsVersion }) => modern(minimumTlsVersion),
  }),
  ...each(resources, 'storage:StorageAccount', {
    must: 'want TLS 1.2, and nothing but HTTPS',
    holds: ({ minimumTlsVersion, enableHttpsTrafficOnly }) =>
      ['TLS1_2', 'TLS1_3'].includes(minimumTlsVersion) && enableHttpsTrafficOnly === true,
  }),
  ...each(resources, 'web:WebApp', {
    must: 'want TLS 1.2, and nothing but HTTPS',
    holds: ({ httpsOnly, siteConfig }) =>
      httpsOnly === true && modern(siteConfig?.minTlsVersion) && modern(siteConfig?.scmMinTlsVersion),
  }),
  ...ofType(resources, 'dbforpostgresql:Server').flatMap((server) => {
    const set = (setting: string) =>
      ofType(resources, 'dbforpostgresql:Configuration').find(
        ({ inputs }) =>
          inputs.configurationName === setting && inputs.serverName === server.inputs.serverName,
      )?.inputs.value;
    const holds =
      set('require_secure_transport') === 'on' &&
      ['TLSv1.2', 'TLSv1.3'].includes(set('ssl_min_protocol_version'));
    return holds ? [] : [`dbforpostgresql:Server ${server.name} must want TLS 1.2`];
  }),
];
