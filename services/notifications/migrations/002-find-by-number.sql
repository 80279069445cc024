-- HMAC of the number, to find the messages to a person without being able to read it. Null in rows from before: they are
-- listed, but not found by number.
ALTER TABLE notifications.messages ADD COLUMN to_index text;
CREATE INDEX messages_by_number ON notifications.messages (tenant_id, to_index, created_at DESC, id DESC);
-- Every clinic's messages, page by page.
CREATE INDEX messages_newest_of_tenant ON notifications.messages (tenant_id, created_at DESC, id DESC);
