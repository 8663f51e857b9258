import type { TokenCredential } from '@azure/identity';
import type { ClientConfig } from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';
import { freshToken } from '../azure/fresh-token.ts';
import { DatabaseUnavailable } from './database-errors.ts';

/** Where a database is, and how one proves to it who one is. */
export interface DatabaseAddress {
  readonly url: string;
  /** Asked for each connection, instead of a password in the URL. */
  readonly password?: (() => Promise<string>) | undefined;
}

/** How an environment names the database. */
export interface DatabaseEnvironment {
  readonly VERDICT_DATABASE_URL: string;
  /** `password`: as the URL has it. `entra`: a token of Microsoft Entra ID for the URL's user. */
  readonly VERDICT_DATABASE_AUTH?: 'password' | 'entra' | undefined;
}

/** What Azure Database for PostgreSQL wants tokens to be for. */
const scope = 'https://ossrdbms-aad.database.windows.net/.default';

/** What is wrong with how an environment names the database, by variable; values that are missing are no matter here. */
export function databaseProblems(
  environment: Partial<DatabaseEnvironment>,
): { name: string; message: string }[] {
  const { VERDICT_DATABASE_URL: url, VERDICT_DATABASE_AUTH: auth } = environment;
  if (auth !== 'entra' || typeof url !== 'string' || !URL.canParse(url)) return [];
  const { username, password, searchParams } = new URL(url);
  const wrong = [
    password !== '' || searchParams.has('password') ? 'must have no password' : null,
    username === '' ? 'must name the user' : null,
    // A token that was read on its way opens the database to whoever read it.
    searchParams.get('sslmode') === 'verify-full' ? null : 'must have sslmode=verify-full',
  ].filter((problem) => problem !== null);
  return wrong.map((problem) => ({
    name: 'VERDICT_DATABASE_URL',
    message: `${problem} with VERDICT_DATABASE_AUTH=entra`,
  }));
}

/** The database that an environment names; `credential` gives the tokens where there are no passwords. */
export function databaseAddress(
  environment: DatabaseEnvironment,
  credential: TokenCredential,
): DatabaseAddress {
  const { VERDICT_DATABASE_URL: url, VERDICT_DATABASE_AUTH: auth } = environment;
  if (auth !== 'entra') return { url };
  const token = freshToken(credential, scope);
  return {
    url,
    password: () =>
      token().catch((cause: unknown) => {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new DatabaseUnavailable(`there is no token for the database: ${why}`, { cause });
      }),
  };
}

/** What the driver is told of an address. */
export function connectionOptions({ url, password }: DatabaseAddress): ClientConfig {
  // The driver lets a URL without a password win over a password beside it.
  return password === undefined ? { connectionString: url } : { ...parseIntoClientConfig(url), password };
}
