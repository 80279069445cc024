-- What integrators are given: one durable log per tenant, which webhooks, streams and the tenant's own Kafka topic read.
-- Personal fields lie in it sealed, as they do inside.

-- The next free position of each tenant. Whoever appends holds this row until it commits, so positions become visible
-- in their order and without gaps: a reader that has seen position 7 never finds a 6 later.
CREATE TABLE gateway.egress_heads (
  tenant_id uuid PRIMARY KEY,
  next_position bigint NOT NULL CHECK (next_position >= 1)
);

CREATE TABLE gateway.egress_events (
  tenant_id uuid NOT NULL,
  position bigint NOT NULL CHECK (position >= 1),
  event_id uuid NOT NULL,
  topic text NOT NULL,
  type text NOT NULL,
  key text NOT NULL,
  subject text NOT NULL,
  sequence bigint NOT NULL,
  occurred_at timestamptz(3) NOT NULL,
  traceparent text NOT NULL,
  data jsonb NOT NULL,
  recorded_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, position),
  CONSTRAINT egress_events_once UNIQUE (tenant_id, event_id)
);
CREATE INDEX egress_events_age ON gateway.egress_events (recorded_at);

-- Who is given events, and how. A secret is stored sealed, a token as its hash: each is shown once, when it is made.
CREATE TABLE gateway.egress_subscriptions (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('webhook', 'stream', 'kafka')),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
  topics text[] NOT NULL,
  -- Whether personal fields are opened for it. Without it they are left out.
  personal boolean NOT NULL DEFAULT false,
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'disabled')),
  -- Why it is not active: a constant such as "failing" or "gone".
  state_reason text,
  state_changed_at timestamptz(3) NOT NULL DEFAULT now(),
  url text,
  secret_sealed text,
  -- The secret before the last rotation; it signs too until then.
  previous_secret_sealed text,
  previous_secret_until timestamptz(3),
  token_hash text,
  expires_at timestamptz(3),
  last_used_at timestamptz(3),
  created_by uuid,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT egress_subscriptions_webhook CHECK (kind <> 'webhook' OR (url IS NOT NULL AND secret_sealed IS NOT NULL)),
  CONSTRAINT egress_subscriptions_state CHECK ((state = 'active') = (state_reason IS NULL))
);
CREATE INDEX egress_subscriptions_own ON gateway.egress_subscriptions (tenant_id, kind, created_at);
CREATE UNIQUE INDEX egress_subscriptions_token ON gateway.egress_subscriptions (token_hash) WHERE token_hash IS NOT NULL;

-- How far a webhook is. Everything up to `position` was delivered or lies in webhook_waiting. Apart from the subscription,
-- because it changes with every batch.
CREATE TABLE gateway.webhook_cursors (
  tenant_id uuid NOT NULL,
  subscription_id uuid PRIMARY KEY REFERENCES gateway.egress_subscriptions (id) ON DELETE CASCADE,
  position bigint NOT NULL CHECK (position >= 0),
  -- Raised by a person who moves the cursor or the queue, so that whoever is delivering notices.
  generation integer NOT NULL DEFAULT 0,
  -- One instance delivers at a time. A lease that runs out belongs to whoever died.
  lease_owner uuid,
  lease_until timestamptz(3),
  claimed_at timestamptz(3),
  -- Since when nothing was delivered that was tried, and which keys failed since: several mean that the receiver is down
  -- as a whole.
  failing_since timestamptz(3),
  failed_keys text[] NOT NULL DEFAULT '{}',
  -- While set, the receiver is left alone until then; one delivery then tries whether it is back.
  resume_at timestamptz(3),
  probes integer NOT NULL DEFAULT 0,
  -- When the first of the waiting events is due.
  next_retry_at timestamptz(3)
);

-- Events that were tried and failed, and those that wait behind them: per key the lowest position goes first.
CREATE TABLE gateway.webhook_waiting (
  tenant_id uuid NOT NULL,
  subscription_id uuid NOT NULL REFERENCES gateway.egress_subscriptions (id) ON DELETE CASCADE,
  position bigint NOT NULL,
  event_id uuid NOT NULL,
  key text NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  first_failed_at timestamptz(3),
  next_attempt_at timestamptz(3) NOT NULL,
  last_reason text,
  since timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (subscription_id, position)
);
CREATE INDEX webhook_waiting_order ON gateway.webhook_waiting (subscription_id, key, position);

-- What was tried and how it went. Neither payload nor answer: those could hold personal data.
CREATE TABLE gateway.webhook_deliveries (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  subscription_id uuid NOT NULL REFERENCES gateway.egress_subscriptions (id) ON DELETE CASCADE,
  -- Absent for a test event, which is in no log.
  position bigint,
  event_id uuid NOT NULL,
  topic text NOT NULL,
  type text NOT NULL,
  key text NOT NULL,
  attempt integer NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('delivered', 'failed', 'skipped', 'expired')),
  http_status integer,
  latency_ms integer,
  reason text,
  at timestamptz(3) NOT NULL
);
CREATE INDEX webhook_deliveries_newest ON gateway.webhook_deliveries (subscription_id, at DESC, id DESC);
CREATE INDEX webhook_deliveries_event ON gateway.webhook_deliveries (subscription_id, event_id);
CREATE INDEX webhook_deliveries_age ON gateway.webhook_deliveries (at);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['egress_heads', 'egress_events', 'egress_subscriptions', 'webhook_cursors',
                              'webhook_waiting', 'webhook_deliveries'] LOOP
    EXECUTE format('ALTER TABLE gateway.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE gateway.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON gateway.%I TO wardline_gateway
         USING (tenant_id = nullif(current_setting(''wardline.tenant_id'', true), '''')::uuid)
         WITH CHECK (tenant_id = nullif(current_setting(''wardline.tenant_id'', true), '''')::uuid)', name);
  END LOOP;
END
$$;
-- A log: what is written stays as it is until it is old.
REVOKE UPDATE, DELETE ON gateway.egress_events FROM wardline_gateway;

-- Work across tenants: see where there is something to deliver, take the lease, forget what is old. A role that can do
-- nothing else and read no event; the service borrows it through functions that run as their owner.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'wardline_gateway_egress') THEN
    CREATE ROLE wardline_gateway_egress NOLOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
END $$;
GRANT USAGE ON SCHEMA gateway TO wardline_gateway_egress;

GRANT SELECT ON gateway.egress_heads TO wardline_gateway_egress;
CREATE POLICY egress ON gateway.egress_heads FOR SELECT TO wardline_gateway_egress USING (true);
GRANT SELECT (id, tenant_id, kind, state) ON gateway.egress_subscriptions TO wardline_gateway_egress;
CREATE POLICY egress ON gateway.egress_subscriptions FOR SELECT TO wardline_gateway_egress USING (true);
GRANT SELECT (tenant_id, subscription_id, position, lease_until, claimed_at, resume_at, next_retry_at),
  UPDATE (lease_owner, lease_until, claimed_at) ON gateway.webhook_cursors TO wardline_gateway_egress;
CREATE POLICY egress_select ON gateway.webhook_cursors FOR SELECT TO wardline_gateway_egress USING (true);
CREATE POLICY egress_lease ON gateway.webhook_cursors FOR UPDATE TO wardline_gateway_egress USING (true) WITH CHECK (true);

GRANT SELECT (tenant_id, position, recorded_at), DELETE ON gateway.egress_events TO wardline_gateway_egress;
CREATE POLICY egress_old ON gateway.egress_events FOR SELECT TO wardline_gateway_egress
  USING (recorded_at < now() - interval '7 days');
CREATE POLICY egress_prune ON gateway.egress_events FOR DELETE TO wardline_gateway_egress
  USING (recorded_at < now() - interval '7 days');
GRANT SELECT (id, at), DELETE ON gateway.webhook_deliveries TO wardline_gateway_egress;
CREATE POLICY egress_old ON gateway.webhook_deliveries FOR SELECT TO wardline_gateway_egress
  USING (at < now() - interval '7 days');
CREATE POLICY egress_prune ON gateway.webhook_deliveries FOR DELETE TO wardline_gateway_egress
  USING (at < now() - interval '7 days');

-- The last position of each of the given tenants; 0 for one that has no event yet.
CREATE FUNCTION gateway.egress_positions(tenants uuid[]) RETURNS TABLE (tenant_id uuid, last_position bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT t.id, coalesce(h.next_position - 1, 0)
    FROM unnest(tenants) AS t(id) LEFT JOIN gateway.egress_heads h ON h.tenant_id = t.id
  $$;

-- Takes the lease of webhooks that have something to deliver at the given time, those first that had their turn longest
-- ago. Leases run by the database's clock, which all instances share.
CREATE FUNCTION gateway.claim_webhooks(claimer uuid, due_at timestamptz, lease_ms integer, at_most integer)
  RETURNS TABLE (tenant_id uuid, subscription_id uuid)
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    WITH due AS (
      SELECT c.subscription_id AS id
      FROM gateway.webhook_cursors c
      JOIN gateway.egress_subscriptions s ON s.id = c.subscription_id AND s.kind = 'webhook' AND s.state = 'active'
      LEFT JOIN gateway.egress_heads h ON h.tenant_id = c.tenant_id
      WHERE (c.lease_until IS NULL OR c.lease_until < clock_timestamp())
        AND (c.resume_at IS NULL OR c.resume_at <= due_at)
        AND (c.position < coalesce(h.next_position, 1) - 1 OR c.next_retry_at <= due_at OR c.resume_at <= due_at)
      ORDER BY c.claimed_at NULLS FIRST
      LIMIT at_most
      FOR UPDATE OF c SKIP LOCKED
    )
    UPDATE gateway.webhook_cursors c
    SET lease_owner = claimer, claimed_at = clock_timestamp(),
        lease_until = clock_timestamp() + lease_ms * interval '1 millisecond'
    FROM due WHERE c.subscription_id = due.id
    RETURNING c.tenant_id, c.subscription_id
  $$;

-- Forgets what is older than seven days, a part at a time. The condition is in the policies too, so that a mistake here
-- removes nothing younger.
CREATE FUNCTION gateway.sweep_egress(at_most integer) RETURNS TABLE (events bigint, deliveries bigint)
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    WITH old_events AS (
      SELECT e.tenant_id, e.position FROM gateway.egress_events e
      WHERE e.recorded_at < now() - interval '7 days' ORDER BY e.recorded_at LIMIT at_most
    ), gone_events AS (
      DELETE FROM gateway.egress_events e USING old_events o
      WHERE e.tenant_id = o.tenant_id AND e.position = o.position RETURNING e.position
    ), old_deliveries AS (
      SELECT d.id FROM gateway.webhook_deliveries d WHERE d.at < now() - interval '7 days' ORDER BY d.at LIMIT at_most
    ), gone_deliveries AS (
      DELETE FROM gateway.webhook_deliveries d USING old_deliveries o WHERE d.id = o.id RETURNING d.id
    )
    SELECT (SELECT count(*) FROM gone_events), (SELECT count(*) FROM gone_deliveries)
  $$;

-- Becoming an owner takes the right to create in the schema, for this moment only.
GRANT CREATE ON SCHEMA gateway TO wardline_gateway_egress;
ALTER FUNCTION gateway.egress_positions(uuid[]) OWNER TO wardline_gateway_egress;
ALTER FUNCTION gateway.claim_webhooks(uuid, timestamptz, integer, integer) OWNER TO wardline_gateway_egress;
ALTER FUNCTION gateway.sweep_egress(integer) OWNER TO wardline_gateway_egress;
REVOKE CREATE ON SCHEMA gateway FROM wardline_gateway_egress;
REVOKE ALL ON FUNCTION gateway.egress_positions(uuid[]),
  gateway.claim_webhooks(uuid, timestamptz, integer, integer), gateway.sweep_egress(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gateway.egress_positions(uuid[]),
  gateway.claim_webhooks(uuid, timestamptz, integer, integer), gateway.sweep_egress(integer) TO wardline_gateway;
