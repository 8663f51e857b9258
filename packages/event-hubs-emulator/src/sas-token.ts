import { createHmac, timingSafeEqual } from 'node:crypto';

/** A shared access key: `name` is the policy's name, `value` the secret that signs tokens. */
export interface AccessKey {
  name: string;
  value: string;
}

/** What a valid token grants: everything at or below `path` (no host, lower case) until `expiresAtMs`. */
export interface Claim {
  path: string;
  expiresAtMs: number;
}

export type TokenVerdict = { ok: true; claim: Claim } | { ok: false; reason: string };

const PREFIX = 'SharedAccessSignature ';

/**
 * Checks a shared access signature (`SharedAccessSignature sr=…&sig=…&se=…&skn=…`): the key's name, the
 * HMAC-SHA256 over `sr` as it is written in the token, a newline and `se`, and the expiry.
 * https://learn.microsoft.com/azure/event-hubs/authenticate-shared-access-signature
 *
 * The host in `sr` is not compared: one emulator is reached under several names.
 */
export function verifySasToken(token: string, key: AccessKey, nowMs: number): TokenVerdict {
  if (!token.startsWith(PREFIX)) return refused('The token is not a shared access signature.');
  const fields = new Map<string, string>();
  for (const pair of token.slice(PREFIX.length).split('&')) {
    const equals = pair.indexOf('=');
    if (equals > 0) fields.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
  const resource = fields.get('sr');
  const signature = decode(fields.get('sig'));
  const expiry = fields.get('se');
  if (!resource || !signature || !expiry) return refused('The token lacks sr, sig or se.');
  if (decode(fields.get('skn')) !== key.name) return refused('The token names an unknown key.');

  const expected = createHmac('sha256', key.value).update(`${resource}\n${expiry}`).digest();
  const given = Buffer.from(signature, 'base64');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return refused('The signature of the token is wrong.');
  }
  const expiresAtMs = Number(expiry) * 1000;
  if (!(expiresAtMs > nowMs)) return refused('The token has expired.');
  const path = audiencePath(decode(resource) ?? '');
  return path === undefined
    ? refused('The resource of the token is not an address.')
    : { ok: true, claim: { path, expiresAtMs } };
}

/** The path of an audience such as `sb://host:5672/data/Partitions/0`: `data/partitions/0`. */
export function audiencePath(audience: string): string | undefined {
  const match = /^[a-z]+:\/\/[^/]+\/?(.*)$/i.exec(audience);
  return match?.[1]?.replace(/\/+$/, '').toLowerCase();
}

/** Whether a claim on `granted` covers `wanted`: the same path or one above it. */
export function pathCovers(granted: string, wanted: string): boolean {
  return granted === '' || granted === wanted || wanted.startsWith(`${granted}/`);
}

function refused(reason: string): TokenVerdict {
  return { ok: false, reason };
}

function decode(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined; // not percent-encoding: the token is refused as a whole
  }
}
