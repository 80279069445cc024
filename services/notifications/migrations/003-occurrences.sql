-- A booking or a cancellation of an appointment is told once; a move each time that there is one. Which time it is, by
-- the event that told of it; empty for what happens once.
ALTER TABLE notifications.message_requests ADD COLUMN occurrence text NOT NULL DEFAULT '';
ALTER TABLE notifications.message_requests DROP CONSTRAINT message_requests_pkey;
ALTER TABLE notifications.message_requests ADD PRIMARY KEY (tenant_id, appointment_id, purpose, occurrence);
