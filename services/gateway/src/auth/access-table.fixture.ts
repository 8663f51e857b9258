import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Role } from '@verdict/contracts';
import { caller, type Platform } from '../gateway.fixture.ts';

const page = fileURLToPath(new URL('../../../../docs/authentication.md', import.meta.url));

/** Who calls: nobody, the key of a producer, or somebody with exactly one role. */
export const callers = ['anonymous', 'key', ...Role.options] as const;
export type Who = (typeof callers)[number];

/** A route (by its method), an event that clients send (SOCKET) or one that they hear (HEARS). */
export interface Row {
  readonly method: string;
  readonly path: string;
  readonly allowed: ReadonlySet<Who>;
}

export const isRoute = ({ method }: Row): boolean => method !== 'SOCKET' && method !== 'HEARS';

/** The table of the documentation: it is what is promised. */
export async function documentedRows(): Promise<Row[]> {
  const [, table = ''] = (await readFile(page, 'utf8')).split('<!-- access -->');
  const [heading = [], , ...lines] = table
    .trim()
    .split('\n')
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  assert.deepEqual(heading.slice(2), callers);
  return lines.map(([method = '', path = '', ...cells]) => ({
    method,
    path: path.replaceAll('`', ''),
    allowed: new Set(callers.filter((_, index) => cells[index] === 'yes')),
  }));
}

/** What each caller brings along; nobody brings nothing. */
export async function credentialsOf(platform: Platform, url: string): Promise<Map<Who, string>> {
  const credentials = new Map<Who, string>();
  for (const role of Role.options) credentials.set(role, await platform.token(role, role));
  const admin = caller(url, credentials.get('admin'));
  credentials.set('key', (await admin('POST', '/keys', { name: 'table' })).body.key);
  return credentials;
}
