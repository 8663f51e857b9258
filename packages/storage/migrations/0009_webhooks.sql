-- Ways out: addresses that are told of opened and closed anomalies, and what each is still to be told.

CREATE TABLE webhook (
  name text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('webhook', 'alertmanager')),
  url text NOT NULL,
  -- Keys `namespace/model`; none = every model.
  models text[] NOT NULL,
  -- Further labels of its alerts.
  labels jsonb NOT NULL,
  -- What signs its messages; as it is, for a hash signs nothing. NULL for an Alertmanager.
  secret text,
  -- The one before signs too until then.
  previous_secret text,
  previous_until timestamptz,
  -- Sent along as header `Authorization`.
  authorization_header text,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- NULL = it is told.
  disabled_why text,
  -- Failures since the last success; nothing is sent before `paused_until`.
  failures integer NOT NULL DEFAULT 0,
  paused_until timestamptz,
  delivered_at timestamptz,
  failed_at timestamptz,
  failure text,
  -- When an Alertmanager is to be told again of everything that is open.
  refresh_at timestamptz NOT NULL DEFAULT now(),
  -- The gateway that sends to it now, until then.
  holder text,
  leased_until timestamptz
) WITH (fillfactor = 50);

-- One change of one anomaly, for one webhook.
CREATE TABLE webhook_delivery (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  webhook text NOT NULL REFERENCES webhook ON DELETE CASCADE,
  anomaly_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('opened', 'closed')),
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'dead')),
  -- Begun, the one under way included.
  attempts integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Later than `created_at` where somebody asked for it again: what it is given up by.
  waits_since timestamptz NOT NULL DEFAULT now(),
  due_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  -- Of the last attempt.
  status integer,
  message text,
  UNIQUE (webhook, anomaly_id, kind)
) WITH (fillfactor = 70);
CREATE INDEX webhook_delivery_waiting ON webhook_delivery (webhook, due_at, id) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_dead ON webhook_delivery (webhook, id) WHERE state = 'dead';
CREATE INDEX webhook_delivery_listed ON webhook_delivery (webhook, id);
CREATE INDEX webhook_delivery_ended ON webhook_delivery (ended_at) WHERE ended_at IS NOT NULL;
