/** SQL: whether what the row `of` says (person, at_ms) waits for a review or was discarded by one. */
export function heldBack(of: string): string {
  return `EXISTS (SELECT FROM answer_flood h WHERE h.person = ${of}.person AND h.state <> 'accepted'
                    AND ${of}.at_ms BETWEEN h.from_ms AND h.until_ms)`;
}

/** SQL: whether what the row `of` says (person, at_ms, teaches) counts. */
export function counts(of: string): string {
  return `(${of}.teaches AND NOT ${heldBack(of)})`;
}

/** SQL: why what the row `of` says (person, at_ms, teaches) counts for nothing; NULL = it counts. */
export function uncounted(of: string): string {
  return `CASE WHEN NOT ${of}.teaches THEN 'no-right'
               ELSE (SELECT CASE WHEN bool_or(h.state = 'open') THEN 'held' ELSE 'discarded' END
                       FROM answer_flood h WHERE h.person = ${of}.person AND h.state <> 'accepted'
                        AND ${of}.at_ms BETWEEN h.from_ms AND h.until_ms HAVING count(*) > 0) END`;
}

/**
 * SQL: what the row `of` of feedback_current counts as: what it says, or, where that is held back, what the person said
 * last before. NULL = nothing.
 */
export function countedVerdict(of: string): string {
  return `CASE WHEN NOT ${of}.teaches THEN NULL
               WHEN NOT ${heldBack(of)} THEN ${of}.verdict
               ELSE (SELECT e.verdict FROM feedback_event e
                      WHERE e.anomaly_id = ${of}.anomaly_id AND e.person = ${of}.person AND ${counts('e')}
                      ORDER BY e.seq DESC LIMIT 1) END`;
}
