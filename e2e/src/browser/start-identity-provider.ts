import { startPart } from '../platform/start-part.ts';

/** The provider of the gateway's own tests, with pages of its own; it lets in whoever is known, by any password. */
export interface RunningIdentityProvider {
  stop(): Promise<unknown>;
}

/** How it knows the dashboard. */
export const dashboardClient = { id: 'dashboard', secret: 'a secret of the dashboard' };

/** Starts it as a process, at `http://127.0.0.1:<port>`; people may be sent back to `redirectUri` alone. */
export function startIdentityProvider(port: number, redirectUri: string): Promise<RunningIdentityProvider> {
  const script = 'services/gateway/src/auth/oidc/identity-provider.fixture.ts';
  return startPart(script, {}, { args: [String(port), redirectUri] });
}
