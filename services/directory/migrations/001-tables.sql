CREATE TABLE directory.tenants (
  tenant_id uuid PRIMARY KEY,
  name text NOT NULL
);

CREATE TABLE directory.clinics (
  clinic_id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL CONSTRAINT clinics_tenant_fkey REFERENCES directory.tenants (tenant_id),
  name text NOT NULL,
  time_zone text NOT NULL,
  language text NOT NULL,
  transfer_number text NOT NULL,
  emergency_number text NOT NULL,
  emergency_text text NOT NULL,
  assistant_name text NOT NULL,
  -- SHA-256 of the facts that were published last; an equal content is not published again.
  published_hash text NOT NULL
);
CREATE INDEX clinics_by_tenant ON directory.clinics (tenant_id);

-- A number reaches one clinic in the whole installation: it is what finds the tenant of a call.
CREATE TABLE directory.clinic_numbers (
  number text PRIMARY KEY CHECK (number ~ '^\+[1-9][0-9]{6,14}$'),
  tenant_id uuid NOT NULL,
  clinic_id uuid NOT NULL CONSTRAINT clinic_numbers_clinic_fkey REFERENCES directory.clinics (clinic_id)
);
CREATE INDEX clinic_numbers_by_clinic ON directory.clinic_numbers (tenant_id, clinic_id);

-- Minutes of the local day, half-open; 1440 is the midnight that ends it.
CREATE TABLE directory.opening_hours (
  tenant_id uuid NOT NULL,
  clinic_id uuid NOT NULL CONSTRAINT opening_hours_clinic_fkey REFERENCES directory.clinics (clinic_id),
  iso_weekday smallint NOT NULL CHECK (iso_weekday BETWEEN 1 AND 7),
  from_minute integer NOT NULL CHECK (from_minute >= 0),
  to_minute integer NOT NULL CHECK (to_minute <= 1440),
  PRIMARY KEY (clinic_id, iso_weekday, from_minute),
  CONSTRAINT opening_hours_order CHECK (from_minute < to_minute)
);

CREATE TABLE directory.doctors (
  doctor_id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  clinic_id uuid NOT NULL CONSTRAINT doctors_clinic_fkey REFERENCES directory.clinics (clinic_id),
  name text NOT NULL,
  department text NOT NULL,
  also_called text[] NOT NULL,
  accepts_bookings boolean NOT NULL,
  position integer NOT NULL
);
CREATE INDEX doctors_by_clinic ON directory.doctors (tenant_id, clinic_id, position);

CREATE TABLE directory.staff_users (
  user_id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL CONSTRAINT staff_users_tenant_fkey REFERENCES directory.tenants (tenant_id),
  -- An e-mail address in lower case; unique in the installation, since it finds the tenant.
  login text NOT NULL CONSTRAINT staff_users_login_key UNIQUE CHECK (login = lower(login)),
  display_name text NOT NULL,
  role text NOT NULL,
  -- scrypt$N$r$p$salt$key: parameters travel with the hash, so that they can be raised later.
  password_hash text NOT NULL
);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['tenants', 'clinics', 'clinic_numbers', 'opening_hours', 'doctors', 'staff_users'] LOOP
    EXECUTE format('ALTER TABLE directory.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE directory.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON directory.%I TO wardline_directory
         USING (tenant_id = nullif(current_setting(''wardline.tenant_id'', true), '''')::uuid)
         WITH CHECK (tenant_id = nullif(current_setting(''wardline.tenant_id'', true), '''')::uuid)', name);
  END LOOP;
END
$$;
