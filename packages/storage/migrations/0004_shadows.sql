-- A second version is scored beside the one that serves, over the same readings, for comparison alone.

-- The version beside; NULL = none. Replays follow it too.
ALTER TABLE lease ADD COLUMN shadow integer;
ALTER TABLE version_span ADD COLUMN shadow integer;

-- What a shadow would have done beside the version that served, on each partition; counts only grow.
CREATE TABLE shadow_figures (
  pool text NOT NULL,
  partition text NOT NULL,
  -- The version that served, and the one beside it.
  version integer NOT NULL,
  shadow integer NOT NULL,
  -- Readings that both scored; all counts but errors and drops are over these.
  readings bigint NOT NULL DEFAULT 0,
  -- Exactly one of the two was above the border.
  disagreements bigint NOT NULL DEFAULT 0,
  -- Sum of |score − score|.
  score_difference double precision NOT NULL DEFAULT 0,
  served_anomalies bigint NOT NULL DEFAULT 0,
  served_alarms bigint NOT NULL DEFAULT 0,
  served_quieted bigint NOT NULL DEFAULT 0,
  would_anomalies bigint NOT NULL DEFAULT 0,
  would_alarms bigint NOT NULL DEFAULT 0,
  would_quieted bigint NOT NULL DEFAULT 0,
  -- Times that the shadow threw or could not be loaded, times that it took too much time or memory, and why last.
  errors bigint NOT NULL DEFAULT 0,
  drops bigint NOT NULL DEFAULT 0,
  trouble text,
  since timestamptz NOT NULL DEFAULT now(),
  seen timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (pool, partition, version, shadow)
) WITH (fillfactor = 50);
