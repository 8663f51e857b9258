import type { Message } from 'rhea';
import { type AccessKey, audiencePath, pathCovers, verifySasToken } from '../sas-token.ts';
import type { Claims } from './claims.ts';
import { CONDITION } from './link-error.ts';
import type { Answer } from './request-link.ts';

const SAS_TOKEN_TYPE = 'servicebus.windows.net:sastoken';

/**
 * Answers a `put-token` request (AMQP claims-based security): a token that is right and covers the audience
 * becomes a claim of the connection.
 */
export function putToken(request: Message, claims: Claims, key: AccessKey, nowMs: number): Answer {
  const properties = request.application_properties ?? {};
  if (properties.operation !== 'put-token') return badRequest('The operation must be put-token.');
  if (properties.type !== SAS_TOKEN_TYPE)
    return badRequest(`The type of the token must be ${SAS_TOKEN_TYPE}.`);
  const verdict = verifySasToken(String(request.body), key, nowMs);
  if (!verdict.ok) return unauthorized(verdict.reason);
  const audience = audiencePath(String(properties.name ?? ''));
  if (audience === undefined || !pathCovers(verdict.claim.path, audience)) {
    return unauthorized('The token does not cover the audience.');
  }
  claims.add({ path: audience, expiresAtMs: verdict.claim.expiresAtMs });
  return { status: 202, description: 'Accepted' };
}

function badRequest(description: string): Answer {
  return { status: 400, description, condition: CONDITION.argument };
}

function unauthorized(description: string): Answer {
  return { status: 401, description, condition: CONDITION.unauthorized };
}
