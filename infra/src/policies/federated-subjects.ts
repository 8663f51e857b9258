import { ofType, type Policy } from './policy.ts';

/** Identities are given to these service accounts, as `IDENTITY: SUBJECT`, by this issuer alone. */
export function federatedSubjects(wanted: readonly string[], issuer: string): Policy {
  return (resources) => {
    const credentials = ofType(resources, 'managedidentity:FederatedIdentityCredential');
    const found = credentials.map(({ inputs }) => `${inputs.resourceName}: ${inputs.subject}`);
    return [
      ...found.filter((pair) => !wanted.includes(pair)).map((pair) => `not wanted: ${pair}`),
      ...wanted.filter((pair) => !found.includes(pair)).map((pair) => `missing: ${pair}`),
      ...credentials
        .filter(
          ({ inputs }) =>
            inputs.issuer !== issuer || String(inputs.audiences) !== 'api://AzureADTokenExchange',
        )
        .map(({ name }) => `${name} believes somebody else, or tokens for somebody else`),
    ];
  };
}
