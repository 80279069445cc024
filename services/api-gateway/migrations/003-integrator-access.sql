-- Access of integrators by stream token and by Kafka user.

-- Users of this subscription on the Kafka cluster: the last is the present one, those before it are about to be taken
-- away. Written down before the cluster is asked, so that no user is ever there that nobody knows of.
ALTER TABLE gateway.egress_subscriptions ADD COLUMN kafka_users text[] NOT NULL DEFAULT '{}';

-- How far each hospital's own Kafka topic is filled: everything up to `position` is there.
CREATE TABLE gateway.tenant_topics (
  tenant_id uuid NOT NULL,
  personal boolean NOT NULL,
  position bigint NOT NULL DEFAULT 0 CHECK (position >= 0),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, personal)
);
ALTER TABLE gateway.tenant_topics ENABLE ROW LEVEL SECURITY;
ALTER TABLE gateway.tenant_topics FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON gateway.tenant_topics TO wardline_gateway
  USING (tenant_id = nullif(current_setting('wardline.tenant_id', true), '')::uuid)
  WITH CHECK (tenant_id = nullif(current_setting('wardline.tenant_id', true), '')::uuid);

-- A token is what tells the tenant, so it is looked up before there is one, by its hash and no other way.
GRANT SELECT (id, tenant_id, kind, name, topics, personal, state, token_hash, created_at, expires_at, last_used_at)
  ON gateway.egress_subscriptions TO wardline_gateway_lookup;
CREATE POLICY lookup ON gateway.egress_subscriptions FOR SELECT TO wardline_gateway_lookup
  USING (kind = 'stream' AND token_hash IS NOT NULL);

CREATE FUNCTION gateway.find_streams(hashes text[])
  RETURNS TABLE (token_hash text, id uuid, tenant_id uuid, kind text, name text, topics text[], personal boolean,
                 state text, created_at timestamptz, expires_at timestamptz, last_used_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT s.token_hash, s.id, s.tenant_id, s.kind, s.name, s.topics, s.personal, s.state, s.created_at, s.expires_at,
           s.last_used_at
    FROM gateway.egress_subscriptions s
    WHERE s.token_hash = ANY (hashes) AND s.kind = 'stream' AND s.state = 'active'
      AND (s.expires_at IS NULL OR s.expires_at > now())
  $$;

-- Work across tenants, by the role that has no event within its reach.
GRANT SELECT (tenant_id, personal) ON gateway.tenant_topics TO wardline_gateway_egress;
CREATE POLICY egress ON gateway.tenant_topics FOR SELECT TO wardline_gateway_egress USING (true);
GRANT SELECT (personal, kafka_users, expires_at, state_changed_at) ON gateway.egress_subscriptions
  TO wardline_gateway_egress;

-- Topics that somebody may read at present.
CREATE FUNCTION gateway.open_tenant_topics() RETURNS TABLE (tenant_id uuid, personal boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT t.tenant_id, t.personal FROM gateway.tenant_topics t
    WHERE EXISTS (SELECT FROM gateway.egress_subscriptions s
                  WHERE s.tenant_id = t.tenant_id AND s.kind = 'kafka' AND s.state = 'active'
                    AND s.personal = t.personal)
  $$;

-- Kafka access that has run out, or of which a change broke off: a change takes seconds.
CREATE FUNCTION gateway.kafka_access_to_tidy() RETURNS TABLE (tenant_id uuid, id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT s.tenant_id, s.id FROM gateway.egress_subscriptions s
    WHERE s.kind = 'kafka'
      AND (s.expires_at <= now()
           OR (s.state_changed_at < now() - interval '1 minute'
               AND (s.state <> 'active' OR cardinality(s.kafka_users) > 1)))
    LIMIT 100
  $$;

-- Becoming an owner takes the right to create in the schema, for this moment only.
GRANT CREATE ON SCHEMA gateway TO wardline_gateway_lookup, wardline_gateway_egress;
ALTER FUNCTION gateway.find_streams(text[]) OWNER TO wardline_gateway_lookup;
ALTER FUNCTION gateway.open_tenant_topics() OWNER TO wardline_gateway_egress;
ALTER FUNCTION gateway.kafka_access_to_tidy() OWNER TO wardline_gateway_egress;
REVOKE CREATE ON SCHEMA gateway FROM wardline_gateway_lookup, wardline_gateway_egress;
REVOKE ALL ON FUNCTION gateway.find_streams(text[]), gateway.open_tenant_topics(), gateway.kafka_access_to_tidy()
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gateway.find_streams(text[]), gateway.open_tenant_topics(), gateway.kafka_access_to_tidy()
  TO wardline_gateway;
