-- The scripts that a hospital wrote for its outbound calls. A version never changes: a call that began with one ends with it.
CREATE TABLE brain.flows (
  tenant_id uuid NOT NULL,
  flow_id text NOT NULL CHECK (flow_id ~ '^[a-z][a-z0-9-]{0,59}$'),
  version integer NOT NULL CHECK (version > 0),
  title text NOT NULL,
  definition jsonb NOT NULL,
  saved_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, flow_id, version)
);
ALTER TABLE brain.flows ENABLE ROW LEVEL SECURITY;
ALTER TABLE brain.flows FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON brain.flows
  USING (tenant_id = nullif(current_setting('wardline.tenant_id', true), '')::uuid)
  WITH CHECK (tenant_id = nullif(current_setting('wardline.tenant_id', true), '')::uuid);

-- When `conversations.ended` was written: once per call.
ALTER TABLE brain.conversations ADD COLUMN ended_at timestamptz(3);
