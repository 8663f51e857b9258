import type { WebhookTarget } from '../../ports/webhook-stores.ts';

/** Columns of a `TargetRow` from `webhook`. */
export const targetColumns = `name, kind, url, labels, failures, authorization_header AS "authorization",
  array_remove(ARRAY[secret, CASE WHEN previous_until > now() THEN previous_secret END], NULL) AS secrets`;

/** A row of `targetColumns`: it is the target as it is. */
export type TargetRow = WebhookTarget;
