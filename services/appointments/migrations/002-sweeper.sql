-- The sweeper works across tenants and therefore may do almost nothing: remove holds that have run out and idempotency
-- records older than two days, and see which tenants there are (for moving rows to a new key, which then runs per
-- tenant in the service's own role). Patients' data is out of its reach.
GRANT USAGE ON SCHEMA appointments TO wardline_appointments_sweeper;

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
