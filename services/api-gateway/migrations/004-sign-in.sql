-- What the OpenID Connect provider remembers: sessions, codes, grants, refresh tokens, sign-ins that are under way. These
-- tables have no tenant, since signing in is what tells it. Ids are hashes and contents are sealed, so that whoever reads
-- the tables can neither take over a session nor refresh a token.
CREATE TABLE gateway.oidc_records (
  model text NOT NULL,
  id_hash text NOT NULL,
  grant_hash text,
  uid_hash text,
  sealed text NOT NULL,
  consumed_at timestamptz(3),
  expires_at timestamptz(3) NOT NULL,
  PRIMARY KEY (model, id_hash)
);
CREATE INDEX oidc_records_grant ON gateway.oidc_records (grant_hash) WHERE grant_hash IS NOT NULL;
CREATE INDEX oidc_records_uid ON gateway.oidc_records (uid_hash) WHERE uid_hash IS NOT NULL;
CREATE INDEX oidc_records_expires_at ON gateway.oidc_records (expires_at);

-- Keys that sign tokens and cookies, for all instances. The newest without an end signs; one with an end still verifies
-- until then, and no longer.
CREATE TABLE gateway.oidc_keys (
  key_id text PRIMARY KEY,
  purpose text NOT NULL CHECK (purpose IN ('token', 'cookie')),
  sealed text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  verifies_until timestamptz(3)
);
