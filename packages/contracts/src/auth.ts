import { z } from 'zod';

/**
 * What somebody may do: viewer reads; reporter also answers, for others to read, and nothing is learnt from it; analyst
 * answers and is learnt from; ingest sends readings; service is a process of ours; admin may do everything that people
 * may do.
 */
export const Role = z.enum(['viewer', 'reporter', 'analyst', 'ingest', 'service', 'admin']);
export type Role = z.infer<typeof Role>;

/**
 * Whether answers of somebody with these roles are learnt from: they move confidence, the false-alarm memory and
 * trainings. A right of its own beside that of answering.
 */
export function mayTeach(roles: readonly Role[]): boolean {
  return roles.includes('analyst') || roles.includes('admin');
}

/** Body of `POST /auth/token`. */
export const TokenRequest = z.strictObject({
  username: z.string().min(1).max(100),
  password: z.string().min(1).max(200),
});
export type TokenRequest = z.infer<typeof TokenRequest>;

/** Body of `POST /auth/token` from somebody who wants to stay logged in. */
export const LogInRequest = z.strictObject({
  ...TokenRequest.shape,
  /** Where the refresh token goes: into a cookie that scripts cannot read (browsers), or into the answer. */
  session: z.enum(['cookie', 'token']).optional(),
});
export type LogInRequest = z.infer<typeof LogInRequest>;

/** Body of `POST /auth/refresh` and `POST /auth/log-out`: browsers leave the token out and send its cookie. */
export const RefreshRequest = z.strictObject({ refresh_token: z.string().min(1).max(200).optional() });
export type RefreshRequest = z.infer<typeof RefreshRequest>;

/** Answer of `POST /auth/log-out`. */
export const LoggedOut = z.object({
  /** Log-ins that were ended: 0 when it was over already. */
  ended: z.int().nonnegative(),
});
export type LoggedOut = z.infer<typeof LoggedOut>;

/** Answer of `POST /auth/token`. */
export const TokenResponse = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  /** Seconds until the token expires. */
  expires_in: z.int().positive(),
  /** Good for one renewal; only where it was asked for. */
  refresh_token: z.string().optional(),
});
export type TokenResponse = z.infer<typeof TokenResponse>;

/** Answer of `GET /auth/ways`: how people can log in. */
export const LogInWays = z.object({
  password: z.boolean(),
  /** An identity provider, by what people call it. */
  provider: z.object({ label: z.string() }).nullable(),
});
export type LogInWays = z.infer<typeof LogInWays>;

/** Claims in an access token beside the registered ones. */
export const AccessClaims = z.object({
  sub: z.string().min(1),
  roles: z.array(Role).min(1),
  /** Id of the log-in that the token belongs to. */
  sid: z.string().min(1).max(100).optional(),
});
export type AccessClaims = z.infer<typeof AccessClaims>;
