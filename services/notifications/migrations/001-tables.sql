-- Every message that was asked for. With the embedded provider this table is also where messages end: the console shows
-- them, nothing leaves the machine.
CREATE TABLE notifications.messages (
  -- The `message_id` of the command, which is also the provider's idempotency key.
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  to_sealed text NOT NULL,
  text_sealed text NOT NULL,
  purpose text NOT NULL,
  appointment_id uuid,
  status text NOT NULL CHECK (status IN ('queued', 'sent', 'failed')),
  created_at timestamptz(3) NOT NULL,
  sent_at timestamptz(3),
  -- The provider's name for it, to ask them about it.
  provider_reference text,
  failure_reason text,
  CONSTRAINT messages_shape CHECK ((status = 'sent') = (sent_at IS NOT NULL) AND (status = 'failed') = (failure_reason IS NOT NULL))
);
CREATE INDEX messages_newest ON notifications.messages (tenant_id, clinic_id, created_at DESC);
CREATE INDEX messages_by_appointment ON notifications.messages (tenant_id, appointment_id);

-- Which message was asked for, for which reason: one per appointment and purpose, whatever is redelivered or replayed.
CREATE TABLE notifications.message_requests (
  tenant_id uuid NOT NULL,
  appointment_id uuid NOT NULL,
  purpose text NOT NULL,
  message_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, appointment_id, purpose)
);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['messages', 'message_requests'] LOOP
    EXECUTE format('ALTER TABLE notifications.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE notifications.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON notifications.%I TO wardline_notifications
         USING (tenant_id = nullif(current_setting(''wardline.tenant_id'', true), '''')::uuid)
         WITH CHECK (tenant_id = nullif(current_setting(''wardline.tenant_id'', true), '''')::uuid)', name);
  END LOOP;
END
$$;
