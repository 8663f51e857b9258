import { type Input, interpolate, type Output } from '@pulumi/pulumi';

export interface DatabaseUser {
  readonly host: Input<string>;
  readonly database: Input<string>;
  /** Name of the role, which is the identity's. */
  readonly user: Input<string>;
}

/** As VERDICT_DATABASE_URL wants it with VERDICT_DATABASE_AUTH=entra: with a user, without a password. */
export function databaseUrl({ host, database, user }: DatabaseUser): Output<string> {
  return interpolate`postgresql://${user}@${host}:5432/${database}?sslmode=verify-full`;
}
