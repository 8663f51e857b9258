import type { AuditAction } from '@verdict/contracts';
import type { Queries } from '../../database/open-database.ts';

/** Who did what to which thing; never a secret. */
export interface AuditNote {
  readonly person: string;
  readonly action: AuditAction;
  /** At most some hundred characters, as `text`. */
  readonly subject: string;
  readonly text: string | null;
}

/**
 * Writes a line of the audit trail, by the database's clock; in the transaction of what it is about. The same done to the
 * same thing twice within a millisecond leaves two lines.
 */
export async function noteAudit(
  { query }: Queries,
  { person, action, subject, text }: AuditNote,
): Promise<void> {
  await query('SELECT pg_advisory_xact_lock(hashtext($1))', [`verdict audit ${action} ${subject}`]);
  await query(
    `INSERT INTO feedback_audit (at_ms, person, action, subject, detail)
     SELECT greatest(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint,
                     (SELECT max(at_ms) + 1 FROM feedback_audit WHERE subject = $3 AND action = $2)),
            $1, $2, $3, $4`,
    [person, action, subject, text],
  );
}
