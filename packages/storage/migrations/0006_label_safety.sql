-- Label safety: who is learnt from, how much anybody answers, answers that wait for a review, and the audit trail.

-- False: given without the right to be learnt from; shown, and counted for nothing.
ALTER TABLE feedback_event ADD COLUMN teaches boolean NOT NULL DEFAULT true;
ALTER TABLE feedback_current ADD COLUMN teaches boolean NOT NULL DEFAULT true;
ALTER TABLE missed_report ADD COLUMN teaches boolean NOT NULL DEFAULT true;
CREATE INDEX feedback_event_by_person ON feedback_event (person, at_ms);
CREATE INDEX feedback_event_by_time ON feedback_event (at_ms, seq);

-- Answers of a person in ten seconds, from `slot_ms` on, by the clock of the gateway that took them.
CREATE TABLE answer_pace (
  person text NOT NULL,
  slot_ms bigint NOT NULL,
  answers integer NOT NULL,
  PRIMARY KEY (person, slot_ms)
) WITH (fillfactor = 70);

-- Answers given much faster than usual: all of the person's from `from_ms` to `until_ms`, both included. They count
-- for nothing unless the flood was accepted.
CREATE TABLE answer_flood (
  id uuid PRIMARY KEY,
  person text NOT NULL,
  from_ms bigint NOT NULL,
  until_ms bigint NOT NULL,
  per_minute integer NOT NULL,
  limit_per_minute double precision NOT NULL,
  usual_per_minute double precision,
  state text NOT NULL CHECK (state IN ('open', 'accepted', 'discarded')),
  reviewed_by text,
  reviewed_at_ms bigint,
  -- Answers that were counted in the ten seconds of its end when it was reviewed: they are no part of the next flood.
  reviewed_answers integer,
  note text
);
CREATE INDEX answer_flood_by_person ON answer_flood (person, until_ms);
CREATE INDEX answer_flood_by_time ON answer_flood (from_ms);

-- What the history of verdicts does not tell: reports of missed anomalies, floods and their reviews.
CREATE TABLE feedback_audit (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at_ms bigint NOT NULL,
  person text NOT NULL,
  action text NOT NULL,
  -- Id of the report or the flood.
  subject text NOT NULL,
  series text,
  detail text,
  teaches boolean NOT NULL DEFAULT true,
  -- An event that comes again leaves no second line.
  UNIQUE (subject, action, at_ms)
);
CREATE INDEX feedback_audit_by_time ON feedback_audit (at_ms, seq);
-- To see at a glance whether what counts has changed.
CREATE INDEX feedback_audit_of_floods ON feedback_audit (seq) WHERE action LIKE 'flood-%';
