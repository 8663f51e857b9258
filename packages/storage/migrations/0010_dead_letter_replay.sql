-- Dead letters can be sent once more.

-- The last time, and who asked for it; NULL = nobody did anything with it.
ALTER TABLE dead_letter ADD COLUMN replayed_at timestamptz;
ALTER TABLE dead_letter ADD COLUMN replayed_by text;
DROP INDEX dead_letter_by_reason;
CREATE INDEX dead_letter_waiting ON dead_letter (reason, id) WHERE replayed_at IS NULL;
