-- Every event updates the row of its subject: with room on the page that is done in place, without touching the index.
alter table {{schema}}.subjects set (fillfactor = 50);
