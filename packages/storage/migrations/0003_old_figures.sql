-- Figures of versions that nobody serves any more go after a while; when each first served stays.

-- When the figures changed last. No index: it changes with every commit.
ALTER TABLE version_figures ADD COLUMN seen timestamptz NOT NULL DEFAULT now();

CREATE TABLE version_served (
  pool text NOT NULL,
  version integer NOT NULL,
  since timestamptz NOT NULL,
  PRIMARY KEY (pool, version)
);
