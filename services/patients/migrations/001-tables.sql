-- People, and the numbers of which nothing is known but that whoever answers there does not want to be called.
CREATE TABLE patients.people (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  -- The hospital's own name for the person, sealed, and its keyed hash.
  external_id_sealed text,
  external_id_key text,
  name_sealed text,
  -- Keyed hash of the normalised whole name.
  name_key text,
  -- Set for an entry that stands for a number alone; the keyed hash of that number.
  number_only_key text,
  registered_at timestamptz(3) NOT NULL,
  CONSTRAINT people_shape CHECK (
    (external_id_sealed IS NULL) = (external_id_key IS NULL)
    AND (name_sealed IS NULL) = (name_key IS NULL)
    AND (number_only_key IS NOT NULL) = (external_id_key IS NULL AND name_key IS NULL)
  )
);
-- Keyed hashes come first in every index: a tenant alone must not look like a way to find somebody.
CREATE UNIQUE INDEX people_external_id ON patients.people (external_id_key, tenant_id) WHERE external_id_key IS NOT NULL;
CREATE UNIQUE INDEX people_number_only ON patients.people (number_only_key, tenant_id) WHERE number_only_key IS NOT NULL;
CREATE INDEX people_newest ON patients.people (tenant_id, id DESC);

-- Several people may share a number, and one may have several.
CREATE TABLE patients.numbers (
  tenant_id uuid NOT NULL,
  patient_id uuid NOT NULL REFERENCES patients.people (id),
  number_key text NOT NULL,
  number_sealed text NOT NULL,
  added_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant_id, patient_id, number_key)
);
CREATE INDEX numbers_by_key ON patients.numbers (number_key, tenant_id);

-- Words of names as keyed hashes, to find people by.
CREATE TABLE patients.name_words (
  tenant_id uuid NOT NULL,
  patient_id uuid NOT NULL REFERENCES patients.people (id),
  word_key text NOT NULL,
  PRIMARY KEY (word_key, tenant_id, patient_id)
);
CREATE INDEX name_words_by_patient ON patients.name_words (patient_id);

-- What people said about being called. Written once, never changed: what holds follows from the newest entries.
CREATE TABLE patients.consent_entries (
  -- Order of recording; one hospital's entries are recorded one after another.
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id uuid NOT NULL UNIQUE,
  tenant_id uuid NOT NULL,
  patient_id uuid NOT NULL REFERENCES patients.people (id),
  change text NOT NULL CHECK (change IN ('opted-out', 'opted-in')),
  source text NOT NULL,
  call_id text NOT NULL,
  user_id text NOT NULL,
  note_sealed text,
  -- What was asked for, to tell a repetition from another request under the same key.
  asked_patient_id uuid,
  asked_number_key text,
  idempotency_key text NOT NULL,
  recorded_at timestamptz(3) NOT NULL,
  CONSTRAINT consent_entries_asked CHECK (asked_patient_id IS NOT NULL OR asked_number_key IS NOT NULL)
);
CREATE UNIQUE INDEX consent_entries_once ON patients.consent_entries (tenant_id, idempotency_key);
CREATE INDEX consent_entries_by_patient ON patients.consent_entries (tenant_id, patient_id, position DESC);

-- The numbers that an entry speaks of, as they were when it was recorded.
CREATE TABLE patients.consent_numbers (
  tenant_id uuid NOT NULL,
  position bigint NOT NULL REFERENCES patients.consent_entries (position),
  patient_id uuid NOT NULL,
  number_key text NOT NULL,
  change text NOT NULL CHECK (change IN ('opted-out', 'opted-in')),
  PRIMARY KEY (position, number_key)
);
CREATE INDEX consent_numbers_by_number ON patients.consent_numbers (number_key, patient_id, position DESC);
CREATE INDEX consent_numbers_by_patient ON patients.consent_numbers (tenant_id, patient_id, position DESC);

DO $$
DECLARE
  name text;
  own constant text := 'tenant_id = nullif(current_setting(''wardline.tenant_id'', true), '''')::uuid';
BEGIN
  FOREACH name IN ARRAY ARRAY['people', 'numbers', 'name_words', 'consent_entries', 'consent_numbers'] LOOP
    EXECUTE format('ALTER TABLE patients.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE patients.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY tenant ON patients.%I TO wardline_patients USING (%s) WITH CHECK (%s)', name, own, own);
  END LOOP;
END
$$;

-- The ledger is only ever added to; people are never removed by the service, and a number stays with its person.
REVOKE UPDATE, DELETE ON patients.consent_entries, patients.consent_numbers, patients.numbers FROM wardline_patients;
REVOKE DELETE ON patients.people FROM wardline_patients;
