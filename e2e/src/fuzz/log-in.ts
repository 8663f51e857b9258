import { randomUUID } from 'node:crypto';
import type { Credentials } from './fuzz-request.ts';

const roles = ['admin', 'service', 'ingest', 'analyst', 'viewer'] as const;
const password = randomUUID();

/** Somebody of each role. */
export const users = roles.map((role) => ({ username: `fuzz-${role}`, password, roles: [role] }));

/** Fresh tokens of all, and a key for readings. */
export async function logIn(url: string): Promise<Credentials> {
  const tokens = await Promise.all(roles.map(async (role) => [role, await tokenOf(url, role)] as const));
  const [admin = ''] = tokens.flatMap(([role, token]) => (role === 'admin' ? [token] : []));
  const { key } = await post<{ key: string }>(
    `${url}/keys`,
    { name: 'fuzz' },
    { authorization: `Bearer ${admin}` },
  );
  return { ...(Object.fromEntries(tokens) as Record<(typeof roles)[number], string>), key };
}

async function tokenOf(url: string, role: string): Promise<string> {
  const answer = await post<{ access_token: string }>(`${url}/auth/token`, {
    username: `fuzz-${role}`,
    password,
  });
  return answer.access_token;
}

async function post<Answer>(
  url: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url} answered with ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}
