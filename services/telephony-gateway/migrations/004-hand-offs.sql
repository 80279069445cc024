-- Calls that are handed to a person. The columns are the hand-off's whole value, with the words of its state machine.
CREATE TABLE telephony.hand_offs (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  call_id uuid NOT NULL CONSTRAINT hand_offs_call_fkey REFERENCES telephony.calls (id),
  clinic_id uuid NOT NULL,
  reason text NOT NULL,
  state text NOT NULL CHECK (state IN ('requested', 'offered', 'accepted', 'connected', 'declined', 'timed-out', 'abandoned')),
  -- What becomes of the caller when no supervisor takes the call.
  fallback text NOT NULL CHECK (fallback IN ('none', 'reception', 'reached', 'call-back', 'left')),
  has_reception boolean NOT NULL,
  -- What the caller is written when nobody comes: composed when a person was asked for, so that whoever notices that
  -- nobody does needs to ask no other service.
  call_back_text text NOT NULL,
  -- JSON: patient, summary, details, lines.
  briefing_sealed text NOT NULL,
  requested_at timestamptz(3) NOT NULL,
  offered_at timestamptz(3),
  expires_at timestamptz(3),
  accepted_by_user_id uuid,
  accepted_by_name text,
  accepted_number_sealed text,
  accepted_at timestamptz(3),
  connected_at timestamptz(3),
  ended_at timestamptz(3),
  CONSTRAINT hand_offs_ended CHECK (
    CASE WHEN state IN ('declined', 'timed-out', 'abandoned') THEN ended_at IS NOT NULL
         WHEN state IN ('requested', 'offered', 'accepted') THEN ended_at IS NULL ELSE true END),
  CONSTRAINT hand_offs_accepted CHECK ((accepted_at IS NULL) = (accepted_by_user_id IS NULL)),
  CONSTRAINT hand_offs_expires CHECK (state <> 'offered' OR expires_at IS NOT NULL)
);
-- A caller is handed over once at a time.
CREATE UNIQUE INDEX hand_offs_open ON telephony.hand_offs (call_id) WHERE ended_at IS NULL;
CREATE INDEX hand_offs_by_call ON telephony.hand_offs (call_id);
CREATE INDEX hand_offs_newest ON telephony.hand_offs (tenant_id, requested_at DESC, id DESC);
CREATE INDEX hand_offs_due ON telephony.hand_offs (expires_at) WHERE state = 'offered';

-- To whom a hand-off is offered no more.
CREATE TABLE telephony.hand_off_declines (
  hand_off_id uuid NOT NULL CONSTRAINT hand_off_declines_hand_off_fkey REFERENCES telephony.hand_offs (id),
  user_id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  declined_at timestamptz(3) NOT NULL,
  PRIMARY KEY (hand_off_id, user_id)
);

-- Supervisors who are at their desks: whoever was seen within the last 30 s.
CREATE TABLE telephony.presence (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  display_name text NOT NULL,
  since timestamptz(3) NOT NULL,
  seen_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant_id, user_id)
);

ALTER TABLE telephony.call_backs
  ADD COLUMN hand_off_id uuid CONSTRAINT call_backs_hand_off_fkey REFERENCES telephony.hand_offs (id),
  ADD COLUMN completed_at timestamptz(3),
  ADD COLUMN completed_by_user_id uuid,
  ADD COLUMN completed_by_name text,
  ADD CONSTRAINT call_backs_completed CHECK ((completed_at IS NULL) = (completed_by_user_id IS NULL));
CREATE INDEX call_backs_to_do ON telephony.call_backs (tenant_id, requested_at DESC) WHERE completed_at IS NULL;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['hand_offs', 'hand_off_declines', 'presence'] LOOP
    EXECUTE format('ALTER TABLE telephony.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE telephony.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON telephony.%I TO wardline_telephony
         USING (tenant_id = nullif(current_setting(''wardline.tenant_id'', true), '''')::uuid)
         WITH CHECK (tenant_id = nullif(current_setting(''wardline.tenant_id'', true), '''')::uuid)', name);
  END LOOP;
END
$$;

-- Which offers have run out, across tenants: ids and times alone, by the role of migration 002.
GRANT SELECT (id, tenant_id, call_id, state, expires_at) ON telephony.hand_offs TO wardline_telephony_sweeper;
CREATE POLICY sweep_select ON telephony.hand_offs FOR SELECT TO wardline_telephony_sweeper USING (state = 'offered');

CREATE FUNCTION telephony.due_hand_offs(p_now timestamptz, p_limit integer)
  RETURNS TABLE (tenant_id uuid, call_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = telephony, pg_temp AS $$
  SELECT h.tenant_id, h.call_id FROM telephony.hand_offs h
  WHERE h.state = 'offered' AND h.expires_at <= p_now ORDER BY h.expires_at LIMIT p_limit
$$;

GRANT CREATE ON SCHEMA telephony TO wardline_telephony_sweeper;
GRANT wardline_telephony_sweeper TO CURRENT_USER;
REVOKE ALL ON FUNCTION telephony.due_hand_offs(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION telephony.due_hand_offs(timestamptz, integer) TO wardline_telephony;
ALTER FUNCTION telephony.due_hand_offs(timestamptz, integer) OWNER TO wardline_telephony_sweeper;
REVOKE CREATE ON SCHEMA telephony FROM wardline_telephony_sweeper;
