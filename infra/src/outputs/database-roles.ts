import type { Facts, IdentityFacts } from './facts.ts';

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const text = (value: string) => `'${value.replaceAll("'", "''")}'`;

/** Makes a role when it is not there (for psql). */
const role = (name: string, options: string) => [
  `SELECT format('CREATE ROLE %I ${options}', ${text(name)})`,
  `WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${text(name)}) \\gexec`,
];

/** One role per identity. All act as the role `owner`: whoever migrates, everything belongs to the same one. */
function identityRole({ name, principalId }: IdentityFacts, database: string, owner: string): string[] {
  return [
    '',
    ...role(name, 'LOGIN'),
    `SECURITY LABEL FOR "pgaadauth" ON ROLE ${quoted(name)} IS ${text(`aadauth,oid=${principalId},type=service`)};`,
    `GRANT ${quoted(owner)} TO ${quoted(name)};`,
    `ALTER ROLE ${quoted(name)} IN DATABASE ${quoted(database)} SET role TO ${text(owner)};`,
  ];
}

/**
 * SQL that lets the identities into the database, for psql as an administrator; again and again if need be. Azure has
 * no resource for this: roles live in the server.
 */
export function databaseRoles(facts: Facts): string {
  const { databaseName: database } = facts;
  const owner = 'verdict_owner';
  return [
    '\\set ON_ERROR_STOP on',
    ...role(owner, 'NOLOGIN'),
    `REVOKE CONNECT ON DATABASE ${quoted(database)} FROM PUBLIC;`,
    `GRANT CONNECT, CREATE, TEMPORARY ON DATABASE ${quoted(database)} TO ${quoted(owner)};`,
    ...Object.values<IdentityFacts>(facts.identities).flatMap((identity) =>
      identityRole(identity, database, owner),
    ),
    '',
    `\\connect ${quoted(database)}`,
    `GRANT USAGE, CREATE ON SCHEMA public TO ${quoted(owner)};`,
    '',
  ].join('\n');
}
