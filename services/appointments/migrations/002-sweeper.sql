-- Work across tenants is done by a role that may do almost nothing: remove holds that have run out and idempotency
-- records older than two days, and see which tenants there are (for moving rows to a new key, which then runs per tenant
-- in the service's own role). Patients' data is out of its reach. The service borrows the role through three functions,
-- which run as their owner, so it needs neither a second connection nor a second password.
GRANT SELECT (id, kind, expires_at), DELETE ON appointments.occupancy TO wardline_appointments_sweeper;
CREATE POLICY sweep_select ON appointments.occupancy FOR SELECT TO wardline_appointments_sweeper
  USING (kind = 'hold' AND expires_at <= now());
CREATE POLICY sweep_delete ON appointments.occupancy FOR DELETE TO wardline_appointments_sweeper
  USING (kind = 'hold' AND expires_at <= now());

GRANT SELECT (tenant_id, operation, key, created_at), DELETE ON appointments.idempotency
  TO wardline_appointments_sweeper;
CREATE POLICY sweep_select ON appointments.idempotency FOR SELECT TO wardline_appointments_sweeper
  USING (created_at < now() - interval '48 hours');
CREATE POLICY sweep_delete ON appointments.idempotency FOR DELETE TO wardline_appointments_sweeper
  USING (created_at < now() - interval '48 hours');

GRANT SELECT (tenant_id) ON appointments.clinics TO wardline_appointments_sweeper;
CREATE POLICY sweep_tenants ON appointments.clinics FOR SELECT TO wardline_appointments_sweeper USING (true);

-- The conditions are in the policies too, so that a mistake here removes nothing that is alive.
CREATE FUNCTION appointments.sweep_holds() RETURNS bigint
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    WITH gone AS (DELETE FROM appointments.occupancy WHERE kind = 'hold' AND expires_at <= now() RETURNING id)
    SELECT count(*) FROM gone
  $$;
CREATE FUNCTION appointments.sweep_idempotency() RETURNS bigint
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    WITH gone AS (DELETE FROM appointments.idempotency WHERE created_at < now() - interval '48 hours' RETURNING key)
    SELECT count(*) FROM gone
  $$;
CREATE FUNCTION appointments.tenants() RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT DISTINCT tenant_id FROM appointments.clinics $$;

-- Becoming an owner takes the right to create in the schema, for this moment only.
GRANT CREATE ON SCHEMA appointments TO wardline_appointments_sweeper;
ALTER FUNCTION appointments.sweep_holds() OWNER TO wardline_appointments_sweeper;
ALTER FUNCTION appointments.sweep_idempotency() OWNER TO wardline_appointments_sweeper;
ALTER FUNCTION appointments.tenants() OWNER TO wardline_appointments_sweeper;
REVOKE CREATE ON SCHEMA appointments FROM wardline_appointments_sweeper;
REVOKE ALL ON FUNCTION appointments.sweep_holds(), appointments.sweep_idempotency(), appointments.tenants() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION appointments.sweep_holds(), appointments.sweep_idempotency(), appointments.tenants()
  TO wardline_appointments;
