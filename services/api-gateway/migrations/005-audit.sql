-- Who has read and changed personal data, and who was refused. Written through one function only, by a role that can do
-- nothing else: nobody who has the gateway's rights can change or remove a line, or write one that does not follow from the
-- line before it. A line that was removed or changed by somebody with more rights shows in the chain of hashes.
CREATE TABLE gateway.audit (
  tenant_id uuid NOT NULL,
  position bigint NOT NULL,
  at timestamptz(3) NOT NULL,
  user_id uuid NOT NULL,
  role text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('done', 'refused')),
  details jsonb NOT NULL,
  previous_hash text NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (tenant_id, position)
);
CREATE INDEX audit_user ON gateway.audit (tenant_id, user_id, position);
CREATE INDEX audit_subject ON gateway.audit (tenant_id, subject text_pattern_ops, position);
CREATE INDEX audit_action ON gateway.audit (tenant_id, action, position);

-- The end of each hospital's chain, so that missing lines at the end show as well.
CREATE TABLE gateway.audit_heads (
  tenant_id uuid PRIMARY KEY,
  position bigint NOT NULL,
  hash text NOT NULL
);

ALTER TABLE gateway.audit ENABLE ROW LEVEL SECURITY;
ALTER TABLE gateway.audit FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON gateway.audit
  USING (tenant_id = nullif(current_setting('wardline.tenant_id', true), '')::uuid)
  WITH CHECK (tenant_id = nullif(current_setting('wardline.tenant_id', true), '')::uuid);
ALTER TABLE gateway.audit_heads ENABLE ROW LEVEL SECURITY;
ALTER TABLE gateway.audit_heads FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON gateway.audit_heads
  USING (tenant_id = nullif(current_setting('wardline.tenant_id', true), '')::uuid)
  WITH CHECK (tenant_id = nullif(current_setting('wardline.tenant_id', true), '')::uuid);

REVOKE INSERT, UPDATE, DELETE ON gateway.audit, gateway.audit_heads FROM wardline_gateway;
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'wardline_gateway_audit') THEN
    CREATE ROLE wardline_gateway_audit NOLOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
END $$;
GRANT USAGE ON SCHEMA gateway TO wardline_gateway_audit;
GRANT SELECT, INSERT ON gateway.audit TO wardline_gateway_audit;
GRANT SELECT, INSERT, UPDATE ON gateway.audit_heads TO wardline_gateway_audit;

CREATE FUNCTION gateway.audit_hash(line gateway.audit) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog SET timezone = 'UTC'
AS $$
  SELECT encode(sha256(convert_to(jsonb_build_array(
    line.tenant_id, line.position, line.at, line.user_id, line.role, line.action, line.subject, line.outcome,
    line.details, line.previous_hash)::text, 'UTF8')), 'hex')
$$;

-- Adds lines to the chain of the transaction's tenant, in the order given: [{userId, role, action, subject, outcome, details}].
CREATE FUNCTION gateway.append_audit(lines jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
  tenant uuid := nullif(current_setting('wardline.tenant_id', true), '')::uuid;
  head gateway.audit_heads;
  line gateway.audit;
  given jsonb;
BEGIN
  IF tenant IS NULL THEN RAISE EXCEPTION 'no tenant' USING ERRCODE = '42501'; END IF;
  INSERT INTO gateway.audit_heads VALUES (tenant, 0, '') ON CONFLICT DO NOTHING;
  SELECT * INTO head FROM gateway.audit_heads WHERE tenant_id = tenant FOR UPDATE;
  FOR given IN SELECT value FROM jsonb_array_elements(lines) WITH ORDINALITY ORDER BY ordinality LOOP
    head.position := head.position + 1;
    line := ROW (tenant, head.position, date_trunc('milliseconds', clock_timestamp()), (given->>'userId')::uuid,
      given->>'role', given->>'action', given->>'subject', given->>'outcome', given->'details', head.hash, '');
    line.hash := gateway.audit_hash(line);
    INSERT INTO gateway.audit VALUES (line.*);
    head.hash := line.hash;
  END LOOP;
  UPDATE gateway.audit_heads SET position = head.position, hash = head.hash WHERE tenant_id = tenant;
END
$$;

-- Whether the chain of the transaction's tenant is whole: how many lines there are, and the first position that is missing or
-- not what it was.
CREATE FUNCTION gateway.check_audit(OUT lines bigint, OUT broken_at bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
  WITH chain AS (
    SELECT a AS line, a.position, a.hash, a.previous_hash,
      row_number() OVER (ORDER BY a.position) AS expected,
      lag(a.hash, 1, '') OVER (ORDER BY a.position) AS before
    FROM gateway.audit a
    WHERE a.tenant_id = nullif(current_setting('wardline.tenant_id', true), '')::uuid
  ), faults AS (
    SELECT min(expected) AS at FROM chain
    WHERE position <> expected OR previous_hash <> before OR hash <> gateway.audit_hash(line)
    UNION ALL
    SELECT (SELECT coalesce(max(position), 0) FROM chain) + 1 FROM gateway.audit_heads h
    WHERE h.tenant_id = nullif(current_setting('wardline.tenant_id', true), '')::uuid
      AND h.hash <> coalesce((SELECT hash FROM chain ORDER BY position DESC LIMIT 1), '')
  )
  SELECT (SELECT count(*) FROM chain), (SELECT min(at) FROM faults)
$$;

GRANT CREATE ON SCHEMA gateway TO wardline_gateway_audit;
ALTER FUNCTION gateway.audit_hash(gateway.audit) OWNER TO wardline_gateway_audit;
ALTER FUNCTION gateway.append_audit(jsonb) OWNER TO wardline_gateway_audit;
ALTER FUNCTION gateway.check_audit() OWNER TO wardline_gateway_audit;
REVOKE CREATE ON SCHEMA gateway FROM wardline_gateway_audit;
REVOKE ALL ON FUNCTION gateway.audit_hash(gateway.audit), gateway.append_audit(jsonb), gateway.check_audit() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gateway.append_audit(jsonb), gateway.check_audit() TO wardline_gateway;
