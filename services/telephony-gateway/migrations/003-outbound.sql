-- Calls that we make. They exist before the carrier has a name for their leg: the dial command names the call to the
-- carrier (`client_state`), and the carrier's answer, or its first webhook, whichever comes first, names the leg to us.
ALTER TABLE telephony.calls
  ALTER COLUMN call_control_id DROP NOT NULL,
  -- The campaign's attempt: there is one call for it, or none.
  ADD COLUMN attempt_id uuid CONSTRAINT calls_attempt_id_key UNIQUE,
  ADD COLUMN campaign_id uuid,
  -- BCP 47, of the person who is called; null: the clinic's.
  ADD COLUMN language text,
  ADD CONSTRAINT calls_of_campaign CHECK ((attempt_id IS NULL) = (campaign_id IS NULL)),
  ADD CONSTRAINT calls_leg_known CHECK (direction = 'outbound' OR call_control_id IS NOT NULL);
COMMENT ON COLUMN telephony.calls.called_number IS 'The clinic''s number, whoever called whom';
COMMENT ON COLUMN telephony.calls.caller_number_sealed IS 'The patient''s number, whoever called whom';
CREATE INDEX calls_newest_of_all ON telephony.calls (tenant_id, initiated_at DESC, id DESC);
CREATE INDEX calls_of_campaign_newest ON telephony.calls (tenant_id, campaign_id, initiated_at DESC, id DESC)
  WHERE campaign_id IS NOT NULL;
CREATE INDEX calls_live_of_campaigns ON telephony.calls (id) WHERE attempt_id IS NOT NULL AND ended_at IS NULL;

ALTER TABLE telephony.commands DROP CONSTRAINT commands_kind_check;
ALTER TABLE telephony.commands ADD CONSTRAINT commands_kind_check
  CHECK (kind IN ('answer', 'dial', 'start-stream', 'stop-stream', 'transfer', 'hang-up'));

-- Calls that campaigns want made, until they are made or their time has passed. Permission is asked for when a place is
-- free, so what waits here is no promise to anybody.
CREATE TABLE telephony.dials (
  attempt_id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  campaign_id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  dial_by timestamptz(3) NOT NULL,
  queued_at timestamptz(3) NOT NULL,
  -- The trace on which the campaign asked for it; the call continues it.
  traceparent text NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'dialled', 'refused', 'too-late')),
  -- Why it is refused, in the campaign's word.
  reason text,
  -- Also the lease of whoever is at it: what a crashed one left is taken up again then.
  next_try_at timestamptz(3),
  -- Grows with every lease: who comes back with an older one has lost it.
  tries integer NOT NULL DEFAULT 0,
  CONSTRAINT dials_tried CHECK ((state = 'waiting') = (next_try_at IS NOT NULL))
);
CREATE INDEX dials_due ON telephony.dials (next_try_at) WHERE state = 'waiting';
CREATE INDEX dials_over ON telephony.dials (dial_by) WHERE state <> 'waiting';

ALTER TABLE telephony.dials ENABLE ROW LEVEL SECURITY;
ALTER TABLE telephony.dials FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON telephony.dials TO wardline_telephony
  USING (tenant_id = nullif(current_setting('wardline.tenant_id', true), '')::uuid)
  WITH CHECK (tenant_id = nullif(current_setting('wardline.tenant_id', true), '')::uuid);

-- Across tenants, by the role of migration 002: which calls wait to be dialled, which ones are in the air, whose leg this is.
GRANT SELECT (attempt_id, tenant_id, campaign_id, clinic_id, dial_by, traceparent, state, next_try_at, tries),
  UPDATE (next_try_at, tries), DELETE ON telephony.dials TO wardline_telephony_sweeper;
CREATE POLICY sweep_select ON telephony.dials FOR SELECT TO wardline_telephony_sweeper
  USING (state = 'waiting' OR dial_by < now() - interval '7 days');
CREATE POLICY sweep_update ON telephony.dials FOR UPDATE TO wardline_telephony_sweeper
  USING (state = 'waiting') WITH CHECK (state = 'waiting');
CREATE POLICY sweep_delete ON telephony.dials FOR DELETE TO wardline_telephony_sweeper
  USING (state <> 'waiting' AND dial_by < now() - interval '7 days');
GRANT SELECT (direction, attempt_id, ended_at) ON telephony.calls TO wardline_telephony_sweeper;

CREATE FUNCTION telephony.claim_dials(p_now timestamptz, p_lease_until timestamptz, p_limit integer)
  RETURNS TABLE (tenant_id uuid, attempt_id uuid, campaign_id uuid, clinic_id uuid, dial_by timestamptz, traceparent text, tries integer)
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = telephony, pg_temp AS $$
  UPDATE telephony.dials d SET next_try_at = p_lease_until, tries = d.tries + 1
  WHERE d.attempt_id IN (
    SELECT e.attempt_id FROM telephony.dials e
    WHERE e.state = 'waiting' AND e.next_try_at <= p_now
    ORDER BY e.next_try_at, e.attempt_id LIMIT p_limit FOR UPDATE SKIP LOCKED
  )
  RETURNING d.tenant_id, d.attempt_id, d.campaign_id, d.clinic_id, d.dial_by, d.traceparent, d.tries
$$;

CREATE FUNCTION telephony.live_attempts(p_limit integer)
  RETURNS TABLE (tenant_id uuid, attempt_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = telephony, pg_temp AS $$
  SELECT c.tenant_id, c.attempt_id FROM telephony.calls c
  WHERE c.attempt_id IS NOT NULL AND c.ended_at IS NULL LIMIT p_limit
$$;

CREATE FUNCTION telephony.purge_dials(p_limit integer) RETURNS bigint
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = telephony, pg_temp AS $$
  WITH gone AS (
    DELETE FROM telephony.dials WHERE attempt_id IN (
      SELECT d.attempt_id FROM telephony.dials d
      WHERE d.state <> 'waiting' AND d.dial_by < now() - interval '7 days' LIMIT p_limit
    ) RETURNING 1
  ) SELECT count(*) FROM gone
$$;

-- Whose leg this is, in place of `locate_call`: 'own', also by the call's id in the carrier's `client_state` while the leg
-- has no name yet; 'session', another leg of the call's session (the person's in a transfer); 'stray', a leg that was
-- dialled for a call which has another one.
CREATE FUNCTION telephony.locate_leg(p_call_control_id text, p_call_session_id text, p_call_id uuid)
  RETURNS TABLE (tenant_id uuid, call_id uuid, leg text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = telephony, pg_temp AS $$
  SELECT c.tenant_id, c.id,
    CASE WHEN c.call_control_id = p_call_control_id OR c.call_control_id IS NULL THEN 'own'
         WHEN c.call_session_id = p_call_session_id THEN 'session'
         ELSE 'stray' END
  FROM telephony.calls c
  WHERE c.call_control_id = p_call_control_id OR c.call_session_id = p_call_session_id
     OR (c.id = p_call_id AND c.direction = 'outbound')
  ORDER BY (c.call_control_id = p_call_control_id) IS TRUE DESC, (c.id = p_call_id) IS TRUE DESC, c.initiated_at DESC
  LIMIT 1
$$;

GRANT CREATE ON SCHEMA telephony TO wardline_telephony_sweeper;
GRANT wardline_telephony_sweeper TO CURRENT_USER;
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['claim_dials(timestamptz, timestamptz, integer)', 'live_attempts(integer)',
                              'purge_dials(integer)', 'locate_leg(text, text, uuid)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION telephony.%s FROM PUBLIC', name);
    EXECUTE format('GRANT EXECUTE ON FUNCTION telephony.%s TO wardline_telephony', name);
    EXECUTE format('ALTER FUNCTION telephony.%s OWNER TO wardline_telephony_sweeper', name);
  END LOOP;
END
$$;
REVOKE CREATE ON SCHEMA telephony FROM wardline_telephony_sweeper;
