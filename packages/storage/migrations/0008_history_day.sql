-- Finished days of history, compacted: of each series the readings of a UTC day in one row (20,000 readings at most;
-- a day with more has several), packed as small as can be. Readings that come late lie in `history` until they are
-- merged; readers put both together.
CREATE TABLE history_day (
  series_id bigint NOT NULL,
  -- Time of the first reading.
  first_ms bigint NOT NULL,
  -- As they are counted in series.history_readings: those that overlapping chunks held twice count twice.
  readings integer NOT NULL,
  -- See day-codec.ts.
  payload bytea NOT NULL,
  PRIMARY KEY (series_id, first_ms) WITH (fillfactor = 100)
) PARTITION BY RANGE (first_ms);
-- Payloads are compressed already.
ALTER TABLE history_day ALTER COLUMN payload SET STORAGE EXTERNAL;
