import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { within } from '../platform/start-platform.ts';

const script = fileURLToPath(
  new URL('../../../services/gateway/src/auth/oidc/identity-provider.fixture.ts', import.meta.url),
);

/** The provider of the gateway's own tests, with pages of its own; it lets in whoever is known, by any password. */
export interface RunningIdentityProvider {
  stop(): Promise<void>;
}

/** How it knows the dashboard. */
export const dashboardClient = { id: 'dashboard', secret: 'a secret of the dashboard' };

/** Starts it as a process, at `http://127.0.0.1:<port>`; people may be sent back to `redirectUri` alone. */
export async function startIdentityProvider(
  port: number,
  redirectUri: string,
): Promise<RunningIdentityProvider> {
  const child = fork(script, [String(port), redirectUri], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let said = '';
  child.stderr?.on('data', (text: Buffer) => {
    said += text.toString('utf8');
  });
  const exited = once(child, 'exit');
  const failed = exited.then(() => Promise.reject(new Error(`the identity provider ended:\n${said}`)));
  failed.catch(() => undefined);
  const listening = once(child, 'message');
  await within(30_000, Promise.race([listening, failed]), () => said).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    async stop() {
      child.kill('SIGTERM');
      await within(10_000, exited, () => `the identity provider did not stop:\n${said}`);
    },
  };
}
