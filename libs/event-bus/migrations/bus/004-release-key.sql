-- Lets a key go on when nothing of it is parked. A function, because it takes two looks: whoever puts an event behind the key
-- holds its row meanwhile, and only a statement that begins after that sees the event. In one statement the event was
-- deleted with its key, by cascade.
create function {{schema}}.release_key(for_group text, for_topic text, for_partition integer, for_key text)
returns boolean language plpgsql set search_path = {{schema}}, pg_catalog as $$
begin
  perform from parked_keys
  where consumer_group = for_group and topic = for_topic and partition = for_partition and key = for_key for update;
  if exists (
    select from parked
    where consumer_group = for_group and topic = for_topic and partition = for_partition and key = for_key
  ) then
    return false;
  end if;
  delete from parked_keys
  where consumer_group = for_group and topic = for_topic and partition = for_partition and key = for_key;
  return true;
end $$;
revoke all on function {{schema}}.release_key(text, text, integer, text) from public;
grant execute on function {{schema}}.release_key(text, text, integer, text) to {{role}}, wardline_parking;
