-- After a rotation of a tenant's key, rows are moved to the new one. Which tenants there are is asked across tenants, by a
-- role that sees nothing else and that nobody logs in with; the rows are then moved under each tenant's own policy.
GRANT SELECT (tenant_id) ON patients.people TO wardline_patients_sweeper;
CREATE POLICY sweep_tenants ON patients.people FOR SELECT TO wardline_patients_sweeper USING (true);

-- One look into the index per tenant: there are few of them, and many people.
CREATE FUNCTION patients.tenants() RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    WITH RECURSIVE known AS (
      (SELECT tenant_id FROM patients.people ORDER BY tenant_id LIMIT 1)
      UNION ALL
      SELECT (SELECT p.tenant_id FROM patients.people p WHERE p.tenant_id > k.tenant_id ORDER BY p.tenant_id LIMIT 1)
      FROM known k WHERE k.tenant_id IS NOT NULL
    )
    SELECT tenant_id FROM known WHERE tenant_id IS NOT NULL
  $$;
-- Becoming an owner takes the right to create in the schema, for this moment only.
GRANT CREATE ON SCHEMA patients TO wardline_patients_sweeper;
ALTER FUNCTION patients.tenants() OWNER TO wardline_patients_sweeper;
REVOKE CREATE ON SCHEMA patients FROM wardline_patients_sweeper;
REVOKE ALL ON FUNCTION patients.tenants() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION patients.tenants() TO wardline_patients;

-- What is sealed may be sealed anew; what the ledger says stays as it was written.
GRANT UPDATE (number_sealed) ON patients.numbers TO wardline_patients;
GRANT UPDATE (note_sealed) ON patients.consent_entries TO wardline_patients;
