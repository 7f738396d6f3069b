ALTER TABLE "clocks" ADD COLUMN "asked_by_id" bigint;--> statement-breakpoint

-- The messages that next responses began with, where one says so to the moment.
update clocks k set asked_by_id = (
  select min(i.id) from interactions i
  where i.query_id = k.subject_id and i.direction = 'inbound' and i.channel <> 'note' and not i.missed
    and not i.automatic and date_trunc('milliseconds', i.occurred_at) = date_trunc('milliseconds', k.started_at))
where k.subject_kind = 'query' and k.target = 'next_response';--> statement-breakpoint
update clocks k set asked_by_id = (
  select min(i.id) from interactions i
  where i.request_id = k.subject_id and i.direction = 'inbound' and i.channel <> 'note' and not i.missed
    and not i.automatic and date_trunc('milliseconds', i.occurred_at) = date_trunc('milliseconds', k.started_at))
where k.subject_kind = 'request' and k.target = 'next_response';
