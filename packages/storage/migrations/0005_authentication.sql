-- Log-ins that are renewed with refresh tokens, and keys of producers. No secret lies here, only SHA-256 of random ones.

-- One log-in: a family of refresh tokens, of which the newest is good.
CREATE TABLE session (
  -- Public: stands in access tokens as `sid`.
  id uuid PRIMARY KEY,
  -- SHA-256 of what all tokens of the family have in common, and nobody else knows.
  family bytea NOT NULL UNIQUE,
  username text NOT NULL,
  -- NULL = what the local user may do now; else what an identity provider said at the log-in.
  roles text[],
  -- SHA-256 of the newest token's secret, and of the one before.
  secret bytea NOT NULL,
  previous bytea,
  -- With this the newest secret follows from the one before, so that a repeated request gets the same answer.
  salt bytea,
  rotated_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(),
  -- It ends when it is not renewed until then, and in any case at `ends_at`.
  idle_until timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  ended_at timestamptz,
  ended_why text
) WITH (fillfactor = 50);
CREATE INDEX session_username ON session (username) WHERE ended_at IS NULL;
CREATE INDEX session_ended ON session (ended_at) WHERE ended_at IS NOT NULL;

-- Keys with which producers send readings.
CREATE TABLE api_key (
  -- Public: stands in the key itself.
  id text PRIMARY KEY,
  name text NOT NULL,
  -- SHA-256 of the key.
  hash bytea NOT NULL,
  -- Series that it may send begin with this; '' = all.
  series_prefix text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- NULL = never.
  expires_at timestamptz,
  revoked_at timestamptz,
  -- About: written at most once an hour.
  used_at timestamptz,
  -- The key that it was rotated into.
  successor text REFERENCES api_key
);
