import { z } from 'zod';

/** What somebody may do: viewer reads; analyst also judges; ingest sends readings; service is a process of ours; admin may do everything that people may do. */
export const Role = z.enum(['viewer', 'analyst', 'ingest', 'service', 'admin']);
export type Role = z.infer<typeof Role>;

/** Body of `POST /auth/token`. */
export const TokenRequest = z.strictObject({
  username: z.string().min(1).max(100),
  password: z.string().min(1).max(200),
});
export type TokenRequest = z.infer<typeof TokenRequest>;

/** Answer of `POST /auth/token`. */
export const TokenResponse = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  /** Seconds until the token expires. */
  expires_in: z.int().positive(),
});
export type TokenResponse = z.infer<typeof TokenResponse>;

/** Claims in an access token beside the registered ones. */
export const AccessClaims = z.object({
  sub: z.string().min(1),
  roles: z.array(Role).min(1),
});
export type AccessClaims = z.infer<typeof AccessClaims>;
