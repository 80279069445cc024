-- What events said, one row each, as far as figures are made of it: ids, times and words, nothing about a person. Written
-- once, never changed; all that follows can be thrown away and made anew from here.
CREATE TABLE insights.facts (
  event_id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  kind text NOT NULL,
  -- Empty where the fact is not about one.
  call_id text NOT NULL,
  attempt_id text NOT NULL,
  recipient_id text NOT NULL,
  campaign_id text NOT NULL,
  data jsonb NOT NULL,
  received_at timestamptz(3) NOT NULL DEFAULT now()
);
-- Ids come first in every index here: a tenant alone must not look like a way to find something.
CREATE INDEX facts_by_call ON insights.facts (call_id, tenant_id) WHERE call_id <> '';
CREATE INDEX facts_by_recipient ON insights.facts (recipient_id, tenant_id) WHERE recipient_id <> '';
CREATE INDEX facts_queued_by_attempt ON insights.facts (attempt_id, tenant_id) WHERE kind = 'call-queued';
CREATE INDEX facts_by_campaign ON insights.facts (campaign_id, tenant_id) WHERE campaign_id <> '';
-- Among the many of its calls, the few of the campaign itself.
CREATE INDEX facts_campaign_changes ON insights.facts (campaign_id, tenant_id) WHERE kind = 'campaign-changed';

-- Figures of calls.
CREATE TABLE insights.calls (
  tenant_id uuid NOT NULL,
  call_id text NOT NULL,
  clinic_id text NOT NULL,
  campaign_id text NOT NULL,
  attempt_id text NOT NULL,
  direction text NOT NULL,
  ending text NOT NULL CHECK (ending IN ('', 'completed', 'escalated', 'failed')),
  outcome text NOT NULL,
  initiated_at timestamptz(3),
  ended_at timestamptz(3),
  answered boolean NOT NULL,
  talk_seconds integer NOT NULL,
  turns integer NOT NULL,
  not_understood integer NOT NULL,
  silences integer NOT NULL,
  interruptions integer NOT NULL,
  response_ms integer[] NOT NULL,
  response_ms_p50 integer NOT NULL,
  response_ms_max integer NOT NULL,
  seconds_to_human integer,
  score integer CHECK (score BETWEEN 0 AND 100),
  score_reasons text[] NOT NULL,
  rules_version integer,
  awaits_conversation boolean NOT NULL,
  PRIMARY KEY (call_id, tenant_id)
);
CREATE INDEX calls_by_clinic ON insights.calls (clinic_id, initiated_at);
CREATE INDEX calls_by_time ON insights.calls (initiated_at);
CREATE INDEX calls_by_campaign ON insights.calls (campaign_id) WHERE campaign_id <> '';
CREATE INDEX calls_by_attempt ON insights.calls (attempt_id) WHERE attempt_id <> '';
CREATE INDEX calls_awaiting ON insights.calls (ended_at) WHERE awaits_conversation;

-- Figures of a campaign's patients.
CREATE TABLE insights.recipients (
  tenant_id uuid NOT NULL,
  recipient_id text NOT NULL,
  campaign_id text NOT NULL,
  called boolean NOT NULL,
  answered boolean NOT NULL,
  decided boolean NOT NULL,
  result text NOT NULL,
  PRIMARY KEY (recipient_id, tenant_id)
);
CREATE INDEX recipients_by_campaign ON insights.recipients (campaign_id);

-- Figures of campaigns, as far as they are not sums of the above.
CREATE TABLE insights.campaigns (
  tenant_id uuid NOT NULL,
  campaign_id text NOT NULL,
  recipients integer NOT NULL,
  PRIMARY KEY (campaign_id, tenant_id)
);

-- Which calls' scores have been told: once each, whatever is remade.
CREATE TABLE insights.scores_told (
  tenant_id uuid NOT NULL,
  call_id text NOT NULL,
  told_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (call_id, tenant_id)
);

DO $$
DECLARE
  name text;
  own constant text := 'tenant_id = nullif(current_setting(''wardline.tenant_id'', true), '''')::uuid';
BEGIN
  FOREACH name IN ARRAY ARRAY['facts', 'calls', 'recipients', 'campaigns', 'scores_told'] LOOP
    EXECUTE format('ALTER TABLE insights.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE insights.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY tenant ON insights.%I TO wardline_insights USING (%s) WITH CHECK (%s)', name, own, own);
  END LOOP;
END
$$;
REVOKE UPDATE, DELETE ON insights.facts, insights.scores_told FROM wardline_insights;

-- Across tenants, a role sees nothing but which calls wait for a report of their conversation. The service borrows it
-- through a function that runs as its owner.
GRANT SELECT (tenant_id, call_id, ended_at, awaits_conversation) ON insights.calls TO wardline_insights_sweeper;
CREATE POLICY sweep ON insights.calls FOR SELECT TO wardline_insights_sweeper USING (awaits_conversation);

CREATE FUNCTION insights.calls_awaiting_since(before timestamptz, at_most integer)
  RETURNS TABLE (tenant_id uuid, call_id text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT c.tenant_id, c.call_id FROM insights.calls c
     WHERE c.awaits_conversation AND c.ended_at < before ORDER BY c.ended_at LIMIT at_most
  $$;
GRANT CREATE ON SCHEMA insights TO wardline_insights_sweeper;
ALTER FUNCTION insights.calls_awaiting_since(timestamptz, integer) OWNER TO wardline_insights_sweeper;
REVOKE CREATE ON SCHEMA insights FROM wardline_insights_sweeper;
REVOKE ALL ON FUNCTION insights.calls_awaiting_since(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION insights.calls_awaiting_since(timestamptz, integer) TO wardline_insights;
