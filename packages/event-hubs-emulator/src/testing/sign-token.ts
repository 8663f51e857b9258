import { createHmac } from 'node:crypto';
import type { AccessKey } from '../sas-token.ts';

/** A shared access signature for `audience`, as a client makes it. Seconds are cut from the expiry. */
export function signToken(key: AccessKey, audience: string, expiresAtMs: number): string {
  const resource = encodeURIComponent(audience);
  const expiry = Math.floor(expiresAtMs / 1000);
  const signature = createHmac('sha256', key.value).update(`${resource}\n${expiry}`).digest('base64');
  return `SharedAccessSignature sr=${resource}&sig=${encodeURIComponent(signature)}&se=${expiry}&skn=${encodeURIComponent(key.name)}`;
}
