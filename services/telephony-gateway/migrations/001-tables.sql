-- A call. `machine` is the whole state machine's value; the columns beside it repeat what is searched or listed.
CREATE TABLE telephony.calls (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  -- The carrier's names of the caller's leg and of the session that it shares with a person's leg.
  call_control_id text NOT NULL CONSTRAINT calls_call_control_id_key UNIQUE,
  call_session_id text,
  direction text NOT NULL CHECK (direction IN ('inbound', 'outbound')),
  state text NOT NULL CHECK (state IN ('queued', 'initiating', 'ringing', 'active', 'ending', 'completed', 'escalated', 'failed')),
  machine jsonb NOT NULL,
  caller_number_sealed text NOT NULL,
  -- HMAC of the number, to find a caller's calls without being able to read it.
  caller_number_index text NOT NULL,
  called_number text NOT NULL,
  owner_epoch integer NOT NULL CHECK (owner_epoch >= 1),
  outcome text,
  end_reason text,
  -- W3C trace context of the call's root; everything about the call continues it.
  traceparent text NOT NULL,
  trace_id text NOT NULL,
  initiated_at timestamptz(3) NOT NULL,
  answered_at timestamptz(3),
  ended_at timestamptz(3),
  -- When the call itself wants to be looked at (a stream to restart, a transfer that takes too long).
  wake_at timestamptz(3),
  -- When the carrier is asked about it, unless it says something before; null when the call is over.
  next_check_at timestamptz(3),
  check_failures integer NOT NULL DEFAULT 0,
  unreachable_since timestamptz(3),
  -- No call that is not over may be forgotten by the sweeper.
  CONSTRAINT calls_watched CHECK ((state IN ('completed', 'escalated', 'failed')) = (next_check_at IS NULL))
);
CREATE INDEX calls_newest ON telephony.calls (tenant_id, clinic_id, initiated_at DESC, id DESC);
CREATE INDEX calls_by_session ON telephony.calls (call_session_id) WHERE call_session_id IS NOT NULL;
CREATE INDEX calls_by_caller ON telephony.calls (tenant_id, caller_number_index);
CREATE INDEX calls_to_check ON telephony.calls (next_check_at) WHERE next_check_at IS NOT NULL;
CREATE INDEX calls_to_wake ON telephony.calls (wake_at) WHERE wake_at IS NOT NULL;

-- Which webhooks have had their effect. The carrier's event id is unique across tenants.
CREATE TABLE telephony.webhook_events (
  event_id text PRIMARY KEY CHECK (length(event_id) BETWEEN 1 AND 100),
  tenant_id uuid NOT NULL,
  call_id uuid NOT NULL CONSTRAINT webhook_events_call_fkey REFERENCES telephony.calls (id),
  event_type text NOT NULL,
  occurred_at timestamptz(3) NOT NULL,
  received_at timestamptz(3) NOT NULL
);
CREATE INDEX webhook_events_age ON telephony.webhook_events (received_at);

-- What the carrier is to be told, decided in the transaction that stored the state. The id is the carrier's command_id,
-- so that telling it twice is telling it once.
CREATE TABLE telephony.commands (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  call_id uuid NOT NULL CONSTRAINT commands_call_fkey REFERENCES telephony.calls (id),
  kind text NOT NULL CHECK (kind IN ('answer', 'start-stream', 'transfer', 'hang-up')),
  effect jsonb NOT NULL,
  status text NOT NULL CHECK (status IN ('pending', 'done', 'superseded', 'failed')),
  attempts integer NOT NULL DEFAULT 0,
  -- Also the lease of whoever is executing it: a crashed executor's command is due again then.
  next_attempt_at timestamptz(3) NOT NULL,
  created_at timestamptz(3) NOT NULL,
  settled_at timestamptz(3),
  last_error text
);
CREATE INDEX commands_due ON telephony.commands (next_attempt_at) WHERE status = 'pending';
CREATE INDEX commands_by_call ON telephony.commands (tenant_id, call_id);

-- People whom the clinic calls back.
CREATE TABLE telephony.call_backs (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  call_id uuid NOT NULL CONSTRAINT call_backs_call_fkey REFERENCES telephony.calls (id),
  clinic_id uuid NOT NULL,
  reason text NOT NULL,
  note_sealed text NOT NULL,
  caller_number_sealed text NOT NULL,
  requested_at timestamptz(3) NOT NULL,
  CONSTRAINT call_backs_once UNIQUE (call_id, reason)
);
CREATE INDEX call_backs_newest ON telephony.call_backs (tenant_id, clinic_id, requested_at DESC);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['calls', 'webhook_events', 'commands', 'call_backs'] LOOP
    EXECUTE format('ALTER TABLE telephony.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE telephony.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON telephony.%I TO wardline_telephony
         USING (tenant_id = nullif(current_setting(''wardline.tenant_id'', true), '''')::uuid)
         WITH CHECK (tenant_id = nullif(current_setting(''wardline.tenant_id'', true), '''')::uuid)', name);
  END LOOP;
END
$$;
