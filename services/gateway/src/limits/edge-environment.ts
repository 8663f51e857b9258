import { isIP } from 'node:net';
import { z } from 'zod';

const names = new Set(['loopback', 'linklocal', 'uniquelocal']);

/** An address (`10.0.0.4`), a network (`10.0.0.0/8`), or a name that Express has for one. */
function isNetwork(text: string): boolean {
  if (names.has(text)) return true;
  const [address = '', bits] = text.split('/');
  const family = isIP(address);
  if (family === 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

const list = (isOne: (text: string) => boolean, what: string) =>
  z
    .string()
    .default('')
    .transform((text, context) => {
      const items = text.split(',').map((item) => item.trim());
      const given = items.filter((item) => item !== '');
      if (!given.every(isOne)) context.addIssue({ code: 'custom', message: what });
      return given;
    });

const perMinute = (requests: number) => z.coerce.number().int().min(1).default(requests);

/** What the environment says of who may call from elsewhere, and how often. */
export const edgeEnvironment = {
  /** Origins of pages elsewhere that may read answers (comma separated, `https://example.org`); none by default. */
  VERDICT_CORS_ORIGINS: list(isOrigin, 'origins such as https://example.org, without a path'),
  /**
   * Proxies in front of the gateway (comma separated addresses and networks) whose `X-Forwarded-For` says which client
   * a request is of; none by default: all that come through a proxy then count as one address.
   */
  VERDICT_TRUSTED_PROXIES: list(isNetwork, 'addresses or networks such as 10.0.0.0/8'),
  /** Requests per minute from one address, those with readings not counted. */
  VERDICT_REQUESTS_PER_MINUTE: perMinute(30_000),
  /** Requests per minute of one caller, those with readings not counted; ten times as many of role `service`. */
  VERDICT_CALLER_REQUESTS_PER_MINUTE: perMinute(6000),
  /** Requests with readings per minute, of one caller and from one address. */
  VERDICT_INGEST_REQUESTS_PER_MINUTE: perMinute(600_000),
};
