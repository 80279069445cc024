-- The inbox grows at its end, so that a block range index finds what is old at a hundredth of a tree's cost per row.
drop index {{schema}}.inbox_processed_at;
create index inbox_processed_at on {{schema}}.inbox using brin (processed_at) with (autosummarize = on);
