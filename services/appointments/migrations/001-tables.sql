-- Read model of the directory's clinics and doctors, kept from `directory.changed`.
CREATE TABLE appointments.clinics (
  tenant_id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  name text NOT NULL,
  time_zone text NOT NULL,
  -- The event's per-subject sequence: an older event that arrives late must not undo a newer one.
  source_sequence bigint NOT NULL,
  PRIMARY KEY (tenant_id, clinic_id)
);
CREATE TABLE appointments.doctors (
  tenant_id uuid NOT NULL,
  doctor_id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  name text NOT NULL,
  department text NOT NULL,
  accepts_bookings boolean NOT NULL,
  PRIMARY KEY (tenant_id, doctor_id)
);
CREATE INDEX doctors_by_clinic ON appointments.doctors (tenant_id, clinic_id);

-- Our own: what a doctor offers and when. No foreign keys to the read model, which may arrive later.
CREATE TABLE appointments.services (
  tenant_id uuid NOT NULL,
  service_id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  name text NOT NULL,
  duration_minutes integer NOT NULL CHECK (duration_minutes BETWEEN 5 AND 480),
  PRIMARY KEY (tenant_id, service_id)
);
CREATE TABLE appointments.doctor_services (
  tenant_id uuid NOT NULL,
  doctor_id uuid NOT NULL,
  service_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, doctor_id),
  CONSTRAINT doctor_services_service_fkey FOREIGN KEY (tenant_id, service_id)
    REFERENCES appointments.services (tenant_id, service_id)
);
-- Minutes of the local day, half-open; 1440 is the midnight that ends it.
CREATE TABLE appointments.working_hours (
  tenant_id uuid NOT NULL,
  doctor_id uuid NOT NULL,
  iso_weekday smallint NOT NULL CHECK (iso_weekday BETWEEN 1 AND 7),
  from_minute integer NOT NULL CHECK (from_minute >= 0),
  to_minute integer NOT NULL CHECK (to_minute <= 1440),
  PRIMARY KEY (tenant_id, doctor_id, iso_weekday, from_minute),
  CONSTRAINT working_hours_order CHECK (from_minute < to_minute)
);
CREATE TABLE appointments.exceptions (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  doctor_id uuid NOT NULL,
  on_date date NOT NULL,
  kind text NOT NULL CHECK (kind IN ('off', 'extra')),
  from_minute integer NOT NULL CHECK (from_minute >= 0),
  to_minute integer NOT NULL CHECK (to_minute <= 1440),
  CONSTRAINT exceptions_order CHECK (from_minute < to_minute)
);
CREATE INDEX exceptions_by_day ON appointments.exceptions (tenant_id, doctor_id, on_date);

CREATE TABLE appointments.bookings (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  doctor_id uuid NOT NULL,
  -- As it was at the time of booking: a renamed doctor does not rewrite what the patient was told.
  doctor_name text NOT NULL,
  department text NOT NULL,
  service_id uuid NOT NULL,
  start_at timestamptz(3) NOT NULL,
  end_at timestamptz(3) NOT NULL,
  time_zone text NOT NULL,
  patient_name_sealed text NOT NULL,
  patient_phone_sealed text NOT NULL,
  patient_phone_index text NOT NULL,
  channel text NOT NULL CHECK (channel IN ('phone', 'staff', 'unspecified')),
  call_id text NOT NULL,
  status text NOT NULL CHECK (status IN ('booked', 'cancelled')),
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX bookings_by_start ON appointments.bookings (tenant_id, clinic_id, start_at);
CREATE INDEX bookings_by_call ON appointments.bookings (tenant_id, call_id) WHERE call_id <> '';
CREATE INDEX bookings_by_phone ON appointments.bookings (tenant_id, patient_phone_index);

-- The one table that says when a doctor is not free. Holds and bookings exclude each other here and nowhere else.
CREATE TABLE appointments.occupancy (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  doctor_id uuid NOT NULL,
  during tstzrange NOT NULL CHECK (lower_inc(during) AND NOT upper_inc(during) AND NOT isempty(during)),
  kind text NOT NULL CHECK (kind IN ('hold', 'booking')),
  holder text,
  expires_at timestamptz(3),
  booking_id uuid CONSTRAINT occupancy_booking_fkey REFERENCES appointments.bookings (id),
  CONSTRAINT occupancy_shape CHECK (
    (kind = 'hold' AND holder IS NOT NULL AND expires_at IS NOT NULL AND booking_id IS NULL)
    OR (kind = 'booking' AND holder IS NULL AND expires_at IS NULL AND booking_id IS NOT NULL)
  ),
  CONSTRAINT occupancy_no_overlap EXCLUDE USING gist (tenant_id WITH =, doctor_id WITH =, during WITH &&)
);
-- A new hold replaces the holder's older one; two at once cannot both stay.
CREATE UNIQUE INDEX occupancy_one_hold_per_holder ON appointments.occupancy (tenant_id, holder) WHERE kind = 'hold';
CREATE INDEX occupancy_expiry ON appointments.occupancy (expires_at) WHERE kind = 'hold';

-- The first answer to each key, without personal data: a replay takes those from the repeated request, which has the
-- same content by definition (content_hash is a keyed hash).
CREATE TABLE appointments.idempotency (
  tenant_id uuid NOT NULL,
  operation text NOT NULL,
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
  content_hash text NOT NULL,
  answer jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, operation, key)
);
CREATE INDEX idempotency_age ON appointments.idempotency (created_at);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['clinics', 'doctors', 'services', 'doctor_services', 'working_hours', 'exceptions',
                              'bookings', 'occupancy', 'idempotency'] LOOP
    EXECUTE format('ALTER TABLE appointments.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE appointments.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON appointments.%I TO wardline_appointments
         USING (tenant_id = nullif(current_setting(''wardline.tenant_id'', true), '''')::uuid)
         WITH CHECK (tenant_id = nullif(current_setting(''wardline.tenant_id'', true), '''')::uuid)', name);
  END LOOP;
END
$$;
