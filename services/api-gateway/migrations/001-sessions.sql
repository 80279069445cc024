-- Sessions of staff. Only a hash of the token is stored: a leaked table opens no session.
CREATE TABLE gateway.sessions (
  session_hash text PRIMARY KEY,
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  display_name text NOT NULL,
  role text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  expires_at timestamptz(3) NOT NULL
);
CREATE INDEX sessions_expires_at ON gateway.sessions (expires_at);

ALTER TABLE gateway.sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE gateway.sessions FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON gateway.sessions
  USING (tenant_id = nullif(current_setting('wardline.tenant_id', true), '')::uuid)
  WITH CHECK (tenant_id = nullif(current_setting('wardline.tenant_id', true), '')::uuid);

-- A session is what tells the tenant, so it is looked up before there is one. This function is the only way past the
-- policy, and it answers for one hash at a time. It runs as a role of its own that can do nothing else.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'wardline_gateway_lookup') THEN
    CREATE ROLE wardline_gateway_lookup NOLOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
END $$;
GRANT USAGE ON SCHEMA gateway TO wardline_gateway_lookup;
GRANT SELECT ON gateway.sessions TO wardline_gateway_lookup;
CREATE POLICY lookup ON gateway.sessions FOR SELECT TO wardline_gateway_lookup USING (true);

CREATE FUNCTION gateway.find_session(hash text)
RETURNS TABLE (tenant_id uuid, user_id uuid, display_name text, role text, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
  SELECT s.tenant_id, s.user_id, s.display_name, s.role, s.expires_at
  FROM gateway.sessions s WHERE s.session_hash = hash AND s.expires_at > now()
$$;
GRANT CREATE ON SCHEMA gateway TO wardline_gateway_lookup;
ALTER FUNCTION gateway.find_session(text) OWNER TO wardline_gateway_lookup;
REVOKE CREATE ON SCHEMA gateway FROM wardline_gateway_lookup;
REVOKE ALL ON FUNCTION gateway.find_session(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gateway.find_session(text) TO wardline_gateway;
