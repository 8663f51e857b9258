import type { TokenCredential } from '@azure/identity';

/**
 * The identity that a process has in Azure: its pod's (workload identity), its machine's, or that of whoever is logged
 * in. The library is loaded when the first token is asked for, so that it costs nothing where nobody asks. It keeps
 * tokens, and renews them before they end.
 */
export function azureIdentity(): TokenCredential {
  let loading: Promise<TokenCredential> | undefined;
  return {
    getToken: async (scopes, options) => {
      loading ??= import('@azure/identity').then(
        ({ DefaultAzureCredential }) => new DefaultAzureCredential(),
      );
      return (await loading).getToken(scopes, options);
    },
  };
}
