-- What verdicts change: false-alarm memory, missed anomalies, trust in versions, rollouts.

-- The kinds of alarming readings in an anomaly: [{signal: signed evidence}].
ALTER TABLE anomaly ADD COLUMN patterns jsonb NOT NULL DEFAULT '[]';
-- Anomalies of a model that overlap a stretch: those outside it are passed over in the index alone.
CREATE INDEX anomaly_by_stretch ON anomaly (namespace, model, start_ms DESC, end_ms);
-- Verdicts on what a version opened, without reading all others' first.
CREATE INDEX anomaly_by_version ON anomaly (namespace, model, model_version);

-- Order in which verdicts were recorded; only grows.
ALTER TABLE feedback_event ADD COLUMN seq bigint GENERATED ALWAYS AS IDENTITY;
CREATE INDEX feedback_event_by_seq ON feedback_event (seq);

-- What each version did on each partition in its whole life there; counts only grow.
CREATE TABLE version_figures (
  pool text NOT NULL,
  partition text NOT NULL,
  version integer NOT NULL,
  readings bigint NOT NULL DEFAULT 0,
  anomalies bigint NOT NULL DEFAULT 0,
  alarms bigint NOT NULL DEFAULT 0,
  quieted bigint NOT NULL DEFAULT 0,
  errors bigint NOT NULL DEFAULT 0,
  -- Unflagged readings per bin of p-values (64 equal bins), and steps per bin of the version's reference of inputs.
  p_values bigint[] NOT NULL DEFAULT '{}',
  inputs bigint[] NOT NULL DEFAULT '{}',
  -- Sum and number of natural logarithms of scaled residuals of unflagged readings.
  log_residual_sum double precision NOT NULL DEFAULT 0,
  log_residuals bigint NOT NULL DEFAULT 0,
  -- First commit; before that, the first failure.
  since timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (pool, partition, version)
) WITH (fillfactor = 50);

-- False-alarm memory. Overlay n of a pool holds the entries with added <= n and (removed IS NULL OR removed > n).
CREATE TABLE overlay_entry (
  pool text NOT NULL,
  added integer NOT NULL,
  removed integer,
  anomaly_id text COLLATE "C" NOT NULL,
  series text COLLATE "C" NOT NULL,
  patterns jsonb NOT NULL,
  -- Event time after which it quiets nothing.
  until_ms bigint NOT NULL,
  added_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (pool, added, anomaly_id)
);
CREATE UNIQUE INDEX overlay_entry_active ON overlay_entry (pool, anomaly_id) WHERE removed IS NULL;
-- So that reading a recent number costs nothing for all that went before it.
CREATE INDEX overlay_entry_by_end ON overlay_entry (pool, removed);

-- Newest overlay of a pool; none = 0.
CREATE TABLE overlay_head (
  pool text PRIMARY KEY,
  number integer NOT NULL
);

-- Stretches that people say were anomalies and nothing alarmed on.
CREATE TABLE missed_report (
  report_id uuid PRIMARY KEY,
  series text COLLATE "C" NOT NULL,
  from_ms bigint NOT NULL,
  to_ms bigint NOT NULL,
  person text NOT NULL,
  reason text,
  comment text,
  at_ms bigint NOT NULL,
  withdrawn boolean NOT NULL
);
CREATE INDEX missed_report_by_series ON missed_report (series, from_ms);

-- Newest trust in a model (contracts: ModelTrust), with what its signs have counted so far.
CREATE TABLE model_trust (
  namespace text NOT NULL,
  model text NOT NULL,
  revision integer NOT NULL,
  trust jsonb NOT NULL,
  signs jsonb NOT NULL,
  PRIMARY KEY (namespace, model)
);

-- Trust over time (contracts: TrustPoint).
CREATE TABLE trust_point (
  namespace text NOT NULL,
  model text NOT NULL,
  at_ms bigint NOT NULL,
  point jsonb NOT NULL,
  PRIMARY KEY (namespace, model, at_ms)
);

-- Newest request for a training, as the trigger id that it will have.
CREATE TABLE training_request (
  namespace text NOT NULL,
  model text NOT NULL,
  trigger_id text NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (namespace, model)
);

-- How a version compares with the one it was judged against (contracts: Comparison).
CREATE TABLE version_comparison (
  namespace text NOT NULL,
  model text NOT NULL,
  version integer NOT NULL,
  comparison jsonb NOT NULL,
  PRIMARY KEY (namespace, model, version)
);

-- The rollouts of a pool (contracts: RolloutRecord).
CREATE TABLE rollout (
  pool text PRIMARY KEY,
  revision integer NOT NULL,
  state jsonb,
  baseline jsonb,
  events jsonb NOT NULL DEFAULT '[]',
  commands jsonb NOT NULL DEFAULT '[]'
);
