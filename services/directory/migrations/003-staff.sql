ALTER TABLE directory.clinics ADD COLUMN revision integer NOT NULL DEFAULT 1;

ALTER TABLE directory.staff_users ADD COLUMN active boolean NOT NULL DEFAULT true;
-- E.164, where calls are handed to; empty when none. The hospital's own line, as the clinic's numbers are.
ALTER TABLE directory.staff_users ADD COLUMN phone text NOT NULL DEFAULT ''
  CHECK (phone = '' OR phone ~ '^\+[1-9][0-9]{6,14}$');
-- Grows when password, role or `active` changes: what was signed in before is signed out.
ALTER TABLE directory.staff_users ADD COLUMN generation integer NOT NULL DEFAULT 1;
ALTER TABLE directory.staff_users ADD CONSTRAINT staff_users_role
  CHECK (role IN ('admin', 'manager', 'supervisor', 'frontdesk', 'integrator', 'auditor'));
CREATE INDEX staff_users_by_tenant ON directory.staff_users (tenant_id, display_name);

-- Who signs in is active, and is told apart from who signed in before.
GRANT SELECT (active, generation) ON directory.staff_users TO wardline_directory_lookup;
DROP FUNCTION directory.staff_by_login(text);
CREATE FUNCTION directory.staff_by_login(wanted text)
  RETURNS TABLE (tenant_id uuid, user_id uuid, display_name text, role text, password_hash text, generation integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT u.tenant_id, u.user_id, u.display_name, u.role, u.password_hash, u.generation
    FROM directory.staff_users u WHERE u.login = lower(wanted) AND u.active
  $$;
GRANT CREATE ON SCHEMA directory TO wardline_directory_lookup;
ALTER FUNCTION directory.staff_by_login(text) OWNER TO wardline_directory_lookup;
REVOKE CREATE ON SCHEMA directory FROM wardline_directory_lookup;
REVOKE ALL ON FUNCTION directory.staff_by_login(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION directory.staff_by_login(text) TO wardline_directory;
