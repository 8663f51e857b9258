import { z } from 'zod';

/** What series must begin with that a key may send; '' = any series. Ends with `/` to mean what lies below. */
const SeriesPrefix = z
  .string()
  .max(200)
  .refine((prefix) => !/\p{Cc}/u.test(prefix), 'has no control characters');

/** From when on a key is good no more, in days from now. */
const expiresInDays = z.number().positive().max(3650);

/** Body of `POST /keys`. */
export const ApiKeyRequest = z.strictObject({
  /** For people: who or what sends with it. */
  name: z
    .string()
    .trim()
    .min(1)
    .max(80)
    .refine((name) => !/\p{Cc}/u.test(name), 'has no control characters'),
  seriesPrefix: SeriesPrefix.default(''),
  /** Left out = until it is revoked. */
  expiresInDays: expiresInDays.optional(),
});
export type ApiKeyRequest = z.input<typeof ApiKeyRequest>;

/** Body of `POST /keys/{id}/rotations`. */
export const ApiKeyRotation = z.strictObject({
  /** How long both are good. Default: a day. */
  overlapHours: z
    .number()
    .min(0)
    .max(24 * 90)
    .default(24),
  /** Of the new key; left out = until it is revoked. */
  expiresInDays: expiresInDays.optional(),
});
export type ApiKeyRotation = z.input<typeof ApiKeyRotation>;

/** A key without its secret. Times are ISO. */
export const ApiKeyView = z.object({
  /** Public part; the key itself begins `vk_<id>_`. */
  id: z.string(),
  name: z.string(),
  seriesPrefix: z.string(),
  /** `ending` = good until `expiresAt`. */
  state: z.enum(['active', 'ending', 'expired', 'revoked']),
  createdBy: z.string(),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
  /** Within an hour; null = not yet. */
  lastUsedAt: z.string().nullable(),
  /** Id of the key that it was rotated into. */
  successor: z.string().nullable(),
});
export type ApiKeyView = z.infer<typeof ApiKeyView>;

/** Answer of `GET /keys`. */
export const ApiKeyList = z.object({ items: z.array(ApiKeyView) });
export type ApiKeyList = z.infer<typeof ApiKeyList>;

/** A new key, shown this once: only its hash is stored. */
export const ApiKeyCreated = z.object({ key: z.string(), view: ApiKeyView });
export type ApiKeyCreated = z.infer<typeof ApiKeyCreated>;

/** Answer of `DELETE /keys/{id}`. */
export const ApiKeyRevoked = z.object({ id: z.string() });
export type ApiKeyRevoked = z.infer<typeof ApiKeyRevoked>;
