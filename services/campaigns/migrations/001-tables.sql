-- Names, numbers and free texts are sealed; a number is found by its key, the tenant's keyed hash of its E.164 form.

-- Read model of the directory.
CREATE TABLE campaigns.clinics (
  tenant_id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  name text NOT NULL,
  time_zone text NOT NULL,
  source_sequence bigint NOT NULL,
  PRIMARY KEY (tenant_id, clinic_id)
);

-- Read model of patients: who does not want to be called, and which numbers must not be.
CREATE TABLE campaigns.patients (
  tenant_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  outreach_allowed boolean NOT NULL,
  source_sequence bigint NOT NULL,
  PRIMARY KEY (tenant_id, patient_id)
);
CREATE TABLE campaigns.blocked_numbers (
  tenant_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  number_key text NOT NULL,
  PRIMARY KEY (tenant_id, number_key, patient_id)
);
CREATE INDEX blocked_numbers_of_patient ON campaigns.blocked_numbers (tenant_id, patient_id);

CREATE TABLE campaigns.do_not_call (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  number_key text NOT NULL,
  number_sealed text NOT NULL,
  note_sealed text NOT NULL,
  added_by_user text NOT NULL,
  added_by_name text NOT NULL,
  added_at timestamptz(3) NOT NULL,
  CONSTRAINT do_not_call_once UNIQUE (tenant_id, number_key)
);
CREATE INDEX do_not_call_newest ON campaigns.do_not_call (tenant_id, added_at DESC, id DESC);

-- The hospital-wide switch. The row is made with a hospital's first campaign, so that who asks for leave to dial can
-- always lock it: what is read here then holds until their transaction has committed.
CREATE TABLE campaigns.dialling (
  tenant_id uuid PRIMARY KEY,
  stopped boolean NOT NULL,
  user_id text NOT NULL,
  display_name text NOT NULL,
  note text NOT NULL,
  changed_at timestamptz(3)
);

CREATE TABLE campaigns.campaigns (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  name text NOT NULL,
  flow_id text NOT NULL,
  iso_weekdays smallint[] NOT NULL,
  from_local_time text NOT NULL,
  to_local_time text NOT NULL,
  first_day text NOT NULL,
  last_day text NOT NULL,
  calls_at_once_max integer NOT NULL CHECK (calls_at_once_max BETWEEN 1 AND 100),
  attempts_max integer NOT NULL CHECK (attempts_max BETWEEN 1 AND 5),
  attempts_per_day_max integer NOT NULL CHECK (attempts_per_day_max BETWEEN 1 AND 5),
  default_region text NOT NULL,
  ring_seconds integer NOT NULL CHECK (ring_seconds BETWEEN 10 AND 60),
  state text NOT NULL CHECK (state IN ('draft', 'running', 'paused', 'completed', 'cancelled')),
  flow_version integer NOT NULL DEFAULT 0,
  leaves_voicemail boolean NOT NULL DEFAULT false,
  revision integer NOT NULL DEFAULT 1,
  idempotency_key text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  started_at timestamptz(3),
  ended_at timestamptz(3),
  CONSTRAINT campaigns_once UNIQUE (tenant_id, idempotency_key),
  CONSTRAINT campaigns_shape CHECK (
    (state = 'draft') = (started_at IS NULL AND ended_at IS NULL) OR state = 'cancelled'
  ),
  CONSTRAINT campaigns_ended CHECK ((state IN ('completed', 'cancelled')) = (ended_at IS NOT NULL))
);
CREATE INDEX campaigns_newest ON campaigns.campaigns (tenant_id, created_at DESC, id DESC);

-- When a campaign is next looked at, and by whom it is being looked at: `next_at` is moved ahead by whoever takes the
-- turn, so that it is a lease. A table of its own, because permission to dial locks the campaign's row.
CREATE TABLE campaigns.turns (
  campaign_id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  next_at timestamptz(3) NOT NULL,
  served_at timestamptz(3) NOT NULL
);
CREATE INDEX turns_due ON campaigns.turns (next_at);

CREATE TABLE campaigns.imports (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  campaign_id uuid NOT NULL,
  file_name text NOT NULL,
  state text NOT NULL CHECK (state IN ('done', 'refused')),
  rows integer NOT NULL,
  accepted integer NOT NULL,
  refused integer NOT NULL,
  repeated_rows integer NOT NULL,
  at timestamptz(3) NOT NULL
);
CREATE INDEX imports_newest ON campaigns.imports (tenant_id, campaign_id, at DESC);

CREATE TABLE campaigns.refused_rows (
  tenant_id uuid NOT NULL,
  import_id uuid NOT NULL,
  line integer NOT NULL,
  code text NOT NULL,
  problem text NOT NULL,
  row_sealed text NOT NULL,
  PRIMARY KEY (tenant_id, import_id, line)
);

CREATE TABLE campaigns.recipients (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  campaign_id uuid NOT NULL,
  -- Who it is, the same in every campaign: keyed hash of the hospital's name for them, else of number and name.
  person_key text NOT NULL,
  number_key text NOT NULL,
  name_sealed text NOT NULL,
  number_sealed text NOT NULL,
  external_id_sealed text,
  -- Country of the number (ISO 3166), for the limits that hold there; empty when it has none.
  country text NOT NULL,
  -- Shown. The window must be open in all of `zones`.
  time_zone text NOT NULL,
  zones text[] NOT NULL,
  language text NOT NULL,
  appointment_id uuid,
  patient_id uuid,
  -- When the service patients is to be told; null once it knows them.
  register_at timestamptz(3),
  state text NOT NULL CHECK (state IN ('waiting', 'queued', 'live', 'settled')),
  result text,
  -- Why it was settled without a call, or cannot be called, as a word.
  reason text NOT NULL DEFAULT '',
  -- What happened before the start, so that there is nobody to call any more; settled with the first turn.
  excluded text,
  attempts integer NOT NULL DEFAULT 0,
  next_call_at timestamptz(3),
  settled_at timestamptz(3),
  CONSTRAINT recipients_once UNIQUE (campaign_id, person_key, number_key),
  CONSTRAINT recipients_shape CHECK (
    (state = 'waiting') = (next_call_at IS NOT NULL)
    AND (state = 'settled') = (result IS NOT NULL)
    AND (state = 'settled') = (settled_at IS NOT NULL)
  )
);
CREATE INDEX recipients_due ON campaigns.recipients (campaign_id, next_call_at, id) WHERE state = 'waiting';
CREATE INDEX recipients_count ON campaigns.recipients (campaign_id, state, result);
CREATE INDEX recipients_list ON campaigns.recipients (campaign_id, id);
CREATE INDEX recipients_by_number ON campaigns.recipients (tenant_id, number_key) WHERE state <> 'settled';
CREATE INDEX recipients_by_patient ON campaigns.recipients (tenant_id, patient_id) WHERE state <> 'settled';
CREATE INDEX recipients_by_appointment ON campaigns.recipients (tenant_id, appointment_id)
  WHERE state <> 'settled' AND appointment_id IS NOT NULL;
CREATE INDEX recipients_to_register ON campaigns.recipients (register_at, campaign_id) WHERE register_at IS NOT NULL;

CREATE TABLE campaigns.attempts (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  campaign_id uuid NOT NULL,
  recipient_id uuid NOT NULL,
  person_key text NOT NULL,
  number_key text NOT NULL,
  call_id uuid NOT NULL UNIQUE,
  state text NOT NULL CHECK (state IN ('queued', 'live', 'over')),
  -- What became of the call, as a word of the domain.
  result text,
  queued_at timestamptz(3) NOT NULL,
  dial_by timestamptz(3) NOT NULL,
  dialled_at timestamptz(3),
  ended_at timestamptz(3),
  -- When telephony is asked what became of it.
  check_at timestamptz(3),
  CONSTRAINT attempts_shape CHECK (
    (state = 'over') = (ended_at IS NOT NULL)
    AND (state = 'over') = (result IS NOT NULL)
    AND (state <> 'live' OR dialled_at IS NOT NULL)
    AND (state = 'live') = (check_at IS NOT NULL)
  )
);
-- The promise that nobody's telephone is called twice at once, whatever campaigns, instances and people share it.
CREATE UNIQUE INDEX attempts_one_per_number ON campaigns.attempts (tenant_id, number_key) WHERE state IN ('queued', 'live');
CREATE UNIQUE INDEX attempts_one_per_recipient ON campaigns.attempts (recipient_id) WHERE state IN ('queued', 'live');
CREATE INDEX attempts_outstanding ON campaigns.attempts (campaign_id) WHERE state IN ('queued', 'live');
CREATE INDEX attempts_of_recipient ON campaigns.attempts (recipient_id, queued_at);
-- Calls made in a campaign, counted, and calls to a person, for what the law allows in a day and a week.
CREATE INDEX attempts_dialled ON campaigns.attempts (campaign_id) WHERE dialled_at IS NOT NULL;
CREATE INDEX attempts_of_person ON campaigns.attempts (tenant_id, person_key, dialled_at) WHERE dialled_at IS NOT NULL;
CREATE INDEX attempts_expiring ON campaigns.attempts (dial_by) WHERE state = 'queued';
CREATE INDEX attempts_to_check ON campaigns.attempts (check_at) WHERE state = 'live';

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['clinics', 'patients', 'blocked_numbers', 'do_not_call', 'dialling', 'campaigns', 'turns',
                              'imports', 'refused_rows', 'recipients', 'attempts'] LOOP
    EXECUTE format('ALTER TABLE campaigns.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE campaigns.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON campaigns.%I TO wardline_campaigns
         USING (tenant_id = nullif(current_setting(''wardline.tenant_id'', true), '''')::uuid)
         WITH CHECK (tenant_id = nullif(current_setting(''wardline.tenant_id'', true), '''')::uuid)', name);
  END LOOP;
END
$$;
