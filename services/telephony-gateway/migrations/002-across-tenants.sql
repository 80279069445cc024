-- A webhook names a leg, not a tenant, and the sweeper watches every tenant's calls. Both need to look across tenants,
-- and nothing else does. So nobody logs in with that right: it belongs to a role that cannot log in, which sees only
-- ids and times, and which acts only through the functions below. The service may call the functions and learns from
-- them which tenant to work in; reading or changing a call then happens under that tenant's policy.
DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'wardline_telephony_sweeper') THEN
    CREATE ROLE wardline_telephony_sweeper NOLOGIN NOSUPERUSER NOBYPASSRLS NOINHERIT;
  END IF;
END
$$;
GRANT USAGE ON SCHEMA telephony TO wardline_telephony_sweeper;

GRANT SELECT (id, tenant_id, call_control_id, call_session_id, wake_at, next_check_at, initiated_at),
  UPDATE (next_check_at) ON telephony.calls TO wardline_telephony_sweeper;
CREATE POLICY sweep_select ON telephony.calls FOR SELECT TO wardline_telephony_sweeper USING (true);
CREATE POLICY sweep_update ON telephony.calls FOR UPDATE TO wardline_telephony_sweeper
  USING (next_check_at IS NOT NULL) WITH CHECK (next_check_at IS NOT NULL);

GRANT SELECT (id, tenant_id, status, next_attempt_at) ON telephony.commands TO wardline_telephony_sweeper;
CREATE POLICY sweep_select ON telephony.commands FOR SELECT TO wardline_telephony_sweeper USING (status = 'pending');

GRANT SELECT (event_id, received_at), DELETE ON telephony.webhook_events TO wardline_telephony_sweeper;
CREATE POLICY sweep_select ON telephony.webhook_events FOR SELECT TO wardline_telephony_sweeper
  USING (received_at < now() - interval '1 day');
CREATE POLICY sweep_delete ON telephony.webhook_events FOR DELETE TO wardline_telephony_sweeper
  USING (received_at < now() - interval '1 day');

-- Whose leg this is: a call's own, or another one of its session (the person's in a transfer).
CREATE FUNCTION telephony.locate_call(p_call_control_id text, p_call_session_id text)
  RETURNS TABLE (tenant_id uuid, call_id uuid, own_leg boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = telephony, pg_temp AS $$
  SELECT c.tenant_id, c.id, c.call_control_id = p_call_control_id
  FROM telephony.calls c
  WHERE c.call_control_id = p_call_control_id OR c.call_session_id = p_call_session_id
  ORDER BY (c.call_control_id = p_call_control_id) DESC, c.initiated_at DESC
  LIMIT 1
$$;

CREATE FUNCTION telephony.due_commands(p_now timestamptz, p_limit integer)
  RETURNS TABLE (tenant_id uuid, command_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = telephony, pg_temp AS $$
  SELECT c.tenant_id, c.id FROM telephony.commands c
  WHERE c.status = 'pending' AND c.next_attempt_at <= p_now ORDER BY c.next_attempt_at LIMIT p_limit
$$;

CREATE FUNCTION telephony.due_wakes(p_now timestamptz, p_limit integer)
  RETURNS TABLE (tenant_id uuid, call_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = telephony, pg_temp AS $$
  SELECT c.tenant_id, c.id FROM telephony.calls c
  WHERE c.wake_at <= p_now ORDER BY c.wake_at LIMIT p_limit
$$;

-- Takes the calls that have been quiet for too long; `p_next` keeps others from taking them meanwhile.
CREATE FUNCTION telephony.claim_checks(p_now timestamptz, p_next timestamptz, p_all boolean, p_limit integer)
  RETURNS TABLE (tenant_id uuid, call_id uuid)
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = telephony, pg_temp AS $$
  UPDATE telephony.calls c SET next_check_at = p_next
  WHERE c.id IN (
    SELECT d.id FROM telephony.calls d
    WHERE d.next_check_at IS NOT NULL AND (p_all OR d.next_check_at <= p_now)
    ORDER BY d.next_check_at LIMIT p_limit FOR UPDATE SKIP LOCKED
  )
  RETURNING c.tenant_id, c.id
$$;

-- The carrier repeats a webhook for a minute at most; what is older than a day cannot come again.
CREATE FUNCTION telephony.purge_webhook_events(p_limit integer) RETURNS bigint
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = telephony, pg_temp AS $$
  WITH gone AS (
    DELETE FROM telephony.webhook_events WHERE event_id IN (
      SELECT event_id FROM telephony.webhook_events WHERE received_at < now() - interval '1 day' LIMIT p_limit
    ) RETURNING 1
  ) SELECT count(*) FROM gone
$$;

-- An owner must be able to create in the schema at the moment it becomes one, and at no other.
GRANT CREATE ON SCHEMA telephony TO wardline_telephony_sweeper;
GRANT wardline_telephony_sweeper TO CURRENT_USER;
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['locate_call(text, text)', 'due_commands(timestamptz, integer)',
                              'due_wakes(timestamptz, integer)',
                              'claim_checks(timestamptz, timestamptz, boolean, integer)',
                              'purge_webhook_events(integer)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION telephony.%s FROM PUBLIC', name);
    EXECUTE format('GRANT EXECUTE ON FUNCTION telephony.%s TO wardline_telephony', name);
    EXECUTE format('ALTER FUNCTION telephony.%s OWNER TO wardline_telephony_sweeper', name);
  END LOOP;
END
$$;
REVOKE CREATE ON SCHEMA telephony FROM wardline_telephony_sweeper;
