-- One row per call: the dialogue's state as a value, so that any instance can continue it. It names the caller and what
-- was said, hence sealed with the tenant's key.
CREATE TABLE brain.conversations (
  tenant_id uuid NOT NULL,
  call_id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  -- The call's owner epoch, as telephony-gateway counts it; only grows.
  epoch integer NOT NULL,
  -- Counts the streams of this call. A writer whose number is no longer the newest has been replaced and stops.
  stream integer NOT NULL,
  -- Counts snapshots; 0 before the first.
  version integer NOT NULL DEFAULT 0,
  state_sealed text,
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, call_id)
);
ALTER TABLE brain.conversations ENABLE ROW LEVEL SECURITY;
ALTER TABLE brain.conversations FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON brain.conversations
  USING (tenant_id = nullif(current_setting('wardline.tenant_id', true), '')::uuid)
  WITH CHECK (tenant_id = nullif(current_setting('wardline.tenant_id', true), '')::uuid);

-- What was said, as heard: one row per final line, never changed.
CREATE TABLE brain.turns (
  tenant_id uuid NOT NULL,
  call_id uuid NOT NULL,
  sequence integer NOT NULL,
  speaker text NOT NULL CHECK (speaker IN ('agent', 'caller')),
  text_sealed text NOT NULL,
  confidence double precision NOT NULL,
  at timestamptz(3) NOT NULL,
  interrupted boolean NOT NULL,
  PRIMARY KEY (tenant_id, call_id, sequence),
  FOREIGN KEY (tenant_id, call_id) REFERENCES brain.conversations (tenant_id, call_id)
);
ALTER TABLE brain.turns ENABLE ROW LEVEL SECURITY;
ALTER TABLE brain.turns FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON brain.turns
  USING (tenant_id = nullif(current_setting('wardline.tenant_id', true), '')::uuid)
  WITH CHECK (tenant_id = nullif(current_setting('wardline.tenant_id', true), '')::uuid);
