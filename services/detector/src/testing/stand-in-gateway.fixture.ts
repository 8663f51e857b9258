import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AnomalyNotification, Role } from '@verdict/contracts';

const key = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** A token of the stand-in gateway. */
export function tokenFor(role: Role): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const claims = { sub: role, roles: [role], iss: 'verdict', aud: 'verdict', iat: now, exp: now + 600 };
  const text = `${part({ alg: 'ES256', kid: 'test' })}.${part(claims)}`;
  const signature = sign('sha256', Buffer.from(text), { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

/** What of the gateway a detector needs: keys, tokens, and somebody to tell anomalies to. */
export async function standInGateway() {
  const told: AnomalyNotification['changes'] = [];
  const server = createServer((request, response) => {
    const answer = (body: object) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(body));
    };
    let text = '';
    request.on('data', (piece) => {
      text += String(piece);
    });
    request.on('end', () => {
      if (request.url === '/auth/token')
        return answer({ access_token: tokenFor('service'), token_type: 'Bearer', expires_in: 600 });
      if (request.url === '/anomaly') told.push(...(JSON.parse(text) as AnomalyNotification).changes);
      if (request.url !== '/.well-known/jwks.json') return answer({});
      return answer({
        keys: [{ ...key.publicKey.export({ format: 'jwk' }), kid: 'test', alg: 'ES256', use: 'sig' }],
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}`, told, stop };
}
