-- Two questions come before a tenant is known: whose number was called, and who is signing in. They are answered by two
-- functions that give one exact match and nothing else; nobody can list numbers or users with them. They run as a role
-- of their own that reads these columns and no others.
GRANT SELECT (number, tenant_id, clinic_id) ON directory.clinic_numbers TO wardline_directory_lookup;
CREATE POLICY lookup ON directory.clinic_numbers FOR SELECT TO wardline_directory_lookup USING (true);
GRANT SELECT (login, tenant_id, user_id, display_name, role, password_hash) ON directory.staff_users
  TO wardline_directory_lookup;
CREATE POLICY lookup ON directory.staff_users FOR SELECT TO wardline_directory_lookup USING (true);

CREATE FUNCTION directory.resolve_number(called text) RETURNS TABLE (tenant_id uuid, clinic_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT n.tenant_id, n.clinic_id FROM directory.clinic_numbers n WHERE n.number = called $$;
CREATE FUNCTION directory.staff_by_login(wanted text)
  RETURNS TABLE (tenant_id uuid, user_id uuid, display_name text, role text, password_hash text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT u.tenant_id, u.user_id, u.display_name, u.role, u.password_hash
    FROM directory.staff_users u WHERE u.login = lower(wanted)
  $$;

-- Becoming an owner takes the right to create in the schema, for this moment only.
GRANT CREATE ON SCHEMA directory TO wardline_directory_lookup;
ALTER FUNCTION directory.resolve_number(text) OWNER TO wardline_directory_lookup;
ALTER FUNCTION directory.staff_by_login(text) OWNER TO wardline_directory_lookup;
REVOKE CREATE ON SCHEMA directory FROM wardline_directory_lookup;
REVOKE ALL ON FUNCTION directory.resolve_number(text), directory.staff_by_login(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION directory.resolve_number(text), directory.staff_by_login(text) TO wardline_directory;
