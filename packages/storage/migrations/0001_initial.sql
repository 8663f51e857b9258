-- Times called *_ms are epoch milliseconds of the readings (event time); timestamptz columns are this server's clock.

-- Consumers: who holds a partition of a group, how far it was committed, and by which version.
-- The group of a detector pool is its key, `namespace/pool`.
CREATE TABLE lease (
  grp text NOT NULL,
  partition text NOT NULL,
  -- Grows with every claim; a commit with an older one is refused.
  epoch bigint NOT NULL DEFAULT 0,
  -- NULL = released.
  holder text,
  expires_at timestamptz,
  -- Sequence number of the last committed event; -1 = none.
  checkpoint bigint NOT NULL DEFAULT -1,
  -- Claims since the checkpoint last moved.
  attempts integer NOT NULL DEFAULT 0,
  hub_identity text,
  hub_partitions integer,
  version integer,
  overlay integer,
  readings bigint NOT NULL DEFAULT 0,
  duplicates bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (grp, partition)
) WITH (fillfactor = 50);

CREATE TABLE member (
  grp text NOT NULL,
  holder text NOT NULL,
  address text,
  pinned_version integer,
  seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (grp, holder)
) WITH (fillfactor = 50);

-- From which event on a version was in force.
CREATE TABLE version_span (
  pool text NOT NULL,
  partition text NOT NULL,
  from_sequence bigint NOT NULL,
  version integer NOT NULL,
  overlay integer NOT NULL,
  PRIMARY KEY (pool, partition, from_sequence)
);

-- The newest snapshots of a partition's state; the bytes are in the blob store.
CREATE TABLE snapshot (
  pool text NOT NULL,
  partition text NOT NULL,
  blob text NOT NULL,
  sequence bigint NOT NULL,
  taken bigint GENERATED ALWAYS AS IDENTITY,
  PRIMARY KEY (pool, partition, blob)
);

-- A series of a pool: the short number that its chunks carry, and its status as last written.
CREATE TABLE series (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  pool text NOT NULL,
  key text COLLATE "C" NOT NULL,
  partition text NOT NULL,
  -- Newest reading in history, and how many there are (about: overlapping chunks count twice).
  history_last_ms bigint,
  history_readings bigint NOT NULL DEFAULT 0,
  -- NULL until its status was written first.
  state text CHECK (state IN ('warming', 'scored')),
  signals jsonb NOT NULL DEFAULT '[]',
  readings bigint NOT NULL DEFAULT 0,
  first_ms bigint,
  last_ms bigint,
  score double precision,
  open_anomaly text,
  UNIQUE (pool, key)
) WITH (fillfactor = 70);
CREATE INDEX series_by_key ON series (key, pool);
CREATE INDEX series_by_partition ON series (pool, partition);

-- Scored readings in chunks of one series, at most one UTC day long, so that a chunk lies in one day's table and
-- a range is found from the start of its first day on. Days are attached as they are needed and dropped whole.
-- A chunk that was cut differently by a redelivery stands beside the first one; readers merge them by time.
CREATE TABLE history (
  series_id bigint NOT NULL,
  first_ms bigint NOT NULL,
  last_ms bigint NOT NULL,
  readings integer NOT NULL,
  -- See chunk-codec.ts.
  payload bytea NOT NULL,
  PRIMARY KEY (series_id, first_ms, last_ms)
) PARTITION BY RANGE (first_ms);
-- Payloads are compressed already.
ALTER TABLE history ALTER COLUMN payload SET STORAGE EXTERNAL;

CREATE TABLE anomaly (
  id text COLLATE "C" PRIMARY KEY,
  namespace text NOT NULL,
  pool text NOT NULL,
  model text NOT NULL,
  -- Version that opened it.
  model_version integer NOT NULL,
  series text COLLATE "C" NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'closed')),
  start_ms bigint NOT NULL,
  end_ms bigint NOT NULL,
  peak_ms bigint NOT NULL,
  peak_score double precision NOT NULL,
  signals jsonb NOT NULL,
  revision integer NOT NULL,
  -- Newest revision that was announced on the change feed.
  told_revision integer NOT NULL DEFAULT 0,
  -- Transaction that changed it (or its verdicts) last: what `since` goes by.
  changed_xid xid8 NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX anomaly_by_start ON anomaly (start_ms DESC, id DESC);
CREATE INDEX anomaly_by_series ON anomaly (series, start_ms DESC, id DESC);
CREATE INDEX anomaly_by_model ON anomaly (model, start_ms DESC, id DESC);
CREATE INDEX anomaly_open ON anomaly (start_ms DESC, id DESC) WHERE state = 'open';
CREATE INDEX anomaly_by_change ON anomaly (changed_xid, id);

-- Changes of anomalies that are committed but perhaps not yet told.
CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  pool text NOT NULL,
  partition text NOT NULL,
  anomaly_id text NOT NULL,
  revision integer NOT NULL,
  kind text NOT NULL CHECK (kind IN ('opened', 'updated', 'closed')),
  UNIQUE (anomaly_id, revision)
);
CREATE INDEX outbox_by_partition ON outbox (pool, partition, id);

-- Readings and events that cannot be used; the group of a feedback consumer stands in `pool` too.
CREATE TABLE dead_letter (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  pool text NOT NULL,
  partition text NOT NULL,
  sequence bigint NOT NULL,
  series text,
  time_ms bigint,
  reason text NOT NULL,
  detail text NOT NULL,
  payload bytea NOT NULL,
  noted_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE NULLS NOT DISTINCT (pool, partition, sequence, series, time_ms)
);
CREATE INDEX dead_letter_by_reason ON dead_letter (reason);
CREATE INDEX dead_letter_by_time ON dead_letter (noted_at);

-- Every verdict ever given.
CREATE TABLE feedback_event (
  feedback_id uuid PRIMARY KEY,
  grp text NOT NULL,
  partition text NOT NULL,
  sequence bigint NOT NULL,
  anomaly_id text NOT NULL,
  person text NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('true', 'false', 'withdrawn')),
  reason text,
  comment text,
  at_ms bigint NOT NULL
);
CREATE INDEX feedback_event_by_anomaly ON feedback_event (anomaly_id, sequence);

-- The current verdict of each person on each anomaly; withdrawn ones stay, to be seen as withdrawn.
CREATE TABLE feedback_current (
  anomaly_id text COLLATE "C" NOT NULL,
  person text NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('true', 'false', 'withdrawn')),
  reason text,
  comment text,
  at_ms bigint NOT NULL,
  PRIMARY KEY (anomaly_id, person)
);

CREATE TABLE model (
  namespace text NOT NULL,
  name text NOT NULL,
  spec jsonb NOT NULL,
  PRIMARY KEY (namespace, name)
);

-- Survives its model, so that a number is never given twice.
CREATE TABLE model_version_counter (
  namespace text NOT NULL,
  model text NOT NULL,
  last_version integer NOT NULL,
  PRIMARY KEY (namespace, model)
);

CREATE TABLE model_version (
  namespace text NOT NULL,
  model text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  state text NOT NULL,
  created_at_ms bigint NOT NULL,
  manifest jsonb,
  evaluation jsonb,
  PRIMARY KEY (namespace, model, version)
);

CREATE TABLE training (
  namespace text NOT NULL,
  model text NOT NULL,
  trigger_id text NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'succeeded', 'refused', 'failed')),
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  version integer,
  message text NOT NULL,
  PRIMARY KEY (namespace, model, trigger_id)
);
CREATE INDEX training_by_time ON training (namespace, model, started_at DESC);

CREATE TABLE pool (
  namespace text NOT NULL,
  name text NOT NULL,
  model text NOT NULL,
  spec jsonb NOT NULL,
  PRIMARY KEY (namespace, name),
  CONSTRAINT pool_model_taken UNIQUE (namespace, model)
);

CREATE TABLE plan (
  pool text PRIMARY KEY,
  revision integer NOT NULL,
  partitions jsonb NOT NULL
);

-- Series whose readings were turned away at the door.
CREATE TABLE door (
  series text COLLATE "C" PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('unassigned', 'refused')),
  reason text NOT NULL,
  at_ms bigint NOT NULL
);
CREATE INDEX door_by_time ON door (at_ms DESC);

CREATE TABLE user_account (
  username text PRIMARY KEY,
  password_hash text NOT NULL,
  roles text[] NOT NULL,
  failures integer NOT NULL DEFAULT 0,
  locked_until timestamptz
);
