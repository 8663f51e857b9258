-- Snapshots that hold only what has changed since the one before: `base` is the whole one at the head of their chain.
-- Those from before this migration are whole.
ALTER TABLE snapshot ADD COLUMN base text;
