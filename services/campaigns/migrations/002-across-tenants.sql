-- Which campaign has its turn, which attempt has run out, who is still to be registered: these questions are asked across
-- tenants, and nothing else is. Nobody logs in with that right: it belongs to a role that cannot log in, sees only ids and
-- times, and acts only through the functions below. The service learns from them in which tenant there is work, and does
-- the work under that tenant's policy.
DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'wardline_campaigns_sweeper') THEN
    CREATE ROLE wardline_campaigns_sweeper NOLOGIN NOSUPERUSER NOBYPASSRLS NOINHERIT;
  END IF;
END
$$;
GRANT USAGE ON SCHEMA campaigns TO wardline_campaigns_sweeper;

GRANT SELECT (campaign_id, tenant_id, next_at, served_at), UPDATE (next_at, served_at) ON campaigns.turns
  TO wardline_campaigns_sweeper;
CREATE POLICY sweep_select ON campaigns.turns FOR SELECT TO wardline_campaigns_sweeper USING (true);
CREATE POLICY sweep_update ON campaigns.turns FOR UPDATE TO wardline_campaigns_sweeper USING (true) WITH CHECK (true);

GRANT SELECT (id, tenant_id, state, dial_by, check_at), UPDATE (check_at) ON campaigns.attempts
  TO wardline_campaigns_sweeper;
CREATE POLICY sweep_select ON campaigns.attempts FOR SELECT TO wardline_campaigns_sweeper USING (state <> 'over');
CREATE POLICY sweep_update ON campaigns.attempts FOR UPDATE TO wardline_campaigns_sweeper
  USING (state = 'live') WITH CHECK (state = 'live');

GRANT SELECT (tenant_id, campaign_id, register_at) ON campaigns.recipients TO wardline_campaigns_sweeper;
CREATE POLICY sweep_select ON campaigns.recipients FOR SELECT TO wardline_campaigns_sweeper
  USING (register_at IS NOT NULL);

-- Takes the turns that are due, those that have waited longest first: no campaign starves another.
CREATE FUNCTION campaigns.claim_turns(p_now timestamptz, p_lease_until timestamptz, p_limit integer)
  RETURNS TABLE (tenant_id uuid, campaign_id uuid)
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = campaigns, pg_temp AS $$
  UPDATE campaigns.turns t SET next_at = p_lease_until, served_at = p_now
  WHERE t.campaign_id IN (
    SELECT d.campaign_id FROM campaigns.turns d
    WHERE d.next_at <= p_now ORDER BY d.served_at LIMIT p_limit FOR UPDATE SKIP LOCKED
  )
  RETURNING t.tenant_id, t.campaign_id
$$;

CREATE FUNCTION campaigns.expired_attempts(p_now timestamptz, p_limit integer)
  RETURNS TABLE (tenant_id uuid, attempt_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaigns, pg_temp AS $$
  SELECT a.tenant_id, a.id FROM campaigns.attempts a
  WHERE a.state = 'queued' AND a.dial_by < p_now ORDER BY a.dial_by LIMIT p_limit
$$;

-- Takes the calls whose end was never heard of; `p_next` keeps other instances from asking meanwhile.
CREATE FUNCTION campaigns.claim_checks(p_now timestamptz, p_next timestamptz, p_limit integer)
  RETURNS TABLE (tenant_id uuid, attempt_id uuid)
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = campaigns, pg_temp AS $$
  UPDATE campaigns.attempts a SET check_at = p_next
  WHERE a.id IN (
    SELECT d.id FROM campaigns.attempts d
    WHERE d.state = 'live' AND d.check_at <= p_now ORDER BY d.check_at LIMIT p_limit FOR UPDATE SKIP LOCKED
  )
  RETURNING a.tenant_id, a.id
$$;

CREATE FUNCTION campaigns.due_registrations(p_now timestamptz, p_limit integer)
  RETURNS TABLE (tenant_id uuid, campaign_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = campaigns, pg_temp AS $$
  SELECT DISTINCT d.tenant_id, d.campaign_id FROM (
    SELECT r.tenant_id, r.campaign_id FROM campaigns.recipients r
    WHERE r.register_at <= p_now ORDER BY r.register_at LIMIT p_limit
  ) d
$$;

-- An owner must be able to create in the schema at the moment it becomes one, and at no other.
GRANT CREATE ON SCHEMA campaigns TO wardline_campaigns_sweeper;
GRANT wardline_campaigns_sweeper TO CURRENT_USER;
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['claim_turns(timestamptz, timestamptz, integer)', 'expired_attempts(timestamptz, integer)',
                              'claim_checks(timestamptz, timestamptz, integer)',
                              'due_registrations(timestamptz, integer)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION campaigns.%s FROM PUBLIC', name);
    EXECUTE format('GRANT EXECUTE ON FUNCTION campaigns.%s TO wardline_campaigns', name);
    EXECUTE format('ALTER FUNCTION campaigns.%s OWNER TO wardline_campaigns_sweeper', name);
  END LOOP;
END
$$;
REVOKE CREATE ON SCHEMA campaigns FROM wardline_campaigns_sweeper;
