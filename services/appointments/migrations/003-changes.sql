-- When the patient said that they will come; a move takes it away, since it was said of another time.
ALTER TABLE appointments.bookings ADD COLUMN confirmed_at timestamptz(3);
-- Grows with every change: a change is made to what was read, or not at all.
ALTER TABLE appointments.bookings ADD COLUMN revision integer NOT NULL DEFAULT 1;
CREATE INDEX occupancy_by_booking ON appointments.occupancy (booking_id) WHERE booking_id IS NOT NULL;
CREATE INDEX bookings_by_doctor ON appointments.bookings (tenant_id, doctor_id, start_at);
