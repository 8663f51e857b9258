import { createServer } from 'node:http';
import { createLogger, createMetrics, listen } from '@verdict/process';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

/** What stands in for a cluster's API server: its keys at `/openid/v1/jwks`, and tokens as it would give them. */
export interface StandInCluster {
  readonly issuer: string;
  readonly jwksUrl: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  /** What is answered now; change it to take keys away or to break the server. */
  keys: JWK[];
  status: number;
  /** Bearer token that the server wants for its keys; none when null. */
  wantedToken: string | null;
  /** What the discovery document says, when that is not the truth. */
  discovery: object | null;
  /** Requests for keys so far. */
  asked: number;
  token(changes?: TokenChanges): Promise<string>;
  /** Adds a key, as an API server does when its keys are changed; tokens can be signed with it. */
  addKey(kid: string): Promise<CryptoKey>;
  stop(): Promise<void>;
}

/** What is different from a good token of `system:serviceaccount:shop:verdict-detector`. */
export interface TokenChanges {
  readonly claims?: JWTPayload;
  readonly header?: Record<string, unknown>;
  readonly key?: CryptoKey;
  readonly alg?: string;
}

/** Starts it on a free port. */
export async function startStandInCluster(): Promise<StandInCluster> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const server = createServer((request, response) => {
    const answer = (body: unknown): void => {
      response.writeHead(cluster.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    const { authorization } = request.headers;
    if (cluster.wantedToken !== null && authorization !== `Bearer ${cluster.wantedToken}`) {
      response.writeHead(401).end();
    } else if (request.url === '/.well-known/openid-configuration') {
      answer(cluster.discovery ?? { issuer: cluster.issuer, jwks_uri: cluster.jwksUrl });
    } else if (request.headers.accept?.includes('application/jwk-set+json') !== true) {
      // As an API server does.
      response.writeHead(406).end();
    } else {
      cluster.asked += 1;
      answer({ keys: cluster.keys });
    }
  });
  const listening = await listen(server, { host: '127.0.0.1', port: 0 });
  const cluster: StandInCluster = {
    issuer: listening.url,
    jwksUrl: `${listening.url}/openid/v1/jwks`,
    privateKey,
    publicKey,
    keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }],
    status: 200,
    wantedToken: null,
    discovery: null,
    asked: 0,
    async token({ claims = {}, header = {}, key = privateKey, alg = 'RS256' } = {}) {
      const nowSeconds = Math.floor(Date.now() / 1000);
      return new SignJWT({ ...accountClaims(), iss: cluster.issuer, ...times(nowSeconds), ...claims })
        .setProtectedHeader({ alg, kid: 'k1', ...header })
        .sign(key);
    },
    async addKey(kid) {
      const added = await generateKeyPair('ES256', { extractable: true });
      cluster.keys.push({ ...(await exportJWK(added.publicKey)), kid, alg: 'ES256', use: 'sig' });
      return added.privateKey;
    },
    stop: () => listening.close(100),
  };
  return cluster;
}

function times(nowSeconds: number): JWTPayload {
  return { iat: nowSeconds, nbf: nowSeconds, exp: nowSeconds + 3600 };
}

/** The claims of a projected token beside its times and its issuer. */
export function accountClaims(namespace = 'shop', name = 'verdict-detector'): JWTPayload {
  return {
    aud: ['verdict'],
    sub: `system:serviceaccount:${namespace}:${name}`,
    'kubernetes.io': {
      namespace,
      pod: { name: 'detector-0', uid: '5a3f0b1e-0000-4000-8000-000000000001' },
      serviceaccount: { name, uid: '5a3f0b1e-0000-4000-8000-000000000002' },
    },
  };
}

/** What an HTTP edge needs beside its routes. */
export function silentEdge() {
  return { metrics: createMetrics(), logger: createLogger({ name: 'test', level: 'silent' }) };
}
