ALTER TABLE "clocks" ADD COLUMN "answered_by_id" bigint;--> statement-breakpoint
ALTER TABLE "queries" ADD COLUMN "started_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "lead_contacts" ADD COLUMN "updated_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "lead_contacts" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
CREATE POLICY "lead_contacts_scoped_change" ON "lead_contacts" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING ((exists (select 1 from leads v where v.id = lead_contacts.lead_id)) and ((user_id = any ((select app.visible_user_ids())::bigint[])) or (logged_by_id = any ((select app.visible_user_ids())::bigint[])))) WITH CHECK ((exists (select 1 from leads v where v.id = lead_contacts.lead_id)) and ((user_id = any ((select app.visible_user_ids())::bigint[])) or (logged_by_id = any ((select app.visible_user_ids())::bigint[]))));--> statement-breakpoint
grant update on lead_contacts to rapport_scoped, rapport_all;--> statement-breakpoint

-- A message that is deleted is followed as one that is written or corrected.
create trigger clocks_query_unsaid after delete on interactions for each row when (old.query_id is not null)
  execute function app.refresh_clocks('query', 'query_id');--> statement-breakpoint
create trigger clocks_request_unsaid after delete on interactions for each row when (old.request_id is not null)
  execute function app.refresh_clocks('request', 'request_id');--> statement-breakpoint

-- Responses of which a message says to the moment that it kept them; the others were kept by what was done.
update clocks k set answered_by_id = (
  select min(i.id) from interactions i
  where i.query_id = k.subject_id and i.direction = 'outbound' and i.channel <> 'note' and not i.missed
    and not i.automatic and date_trunc('milliseconds', i.occurred_at) = date_trunc('milliseconds', k.ended_at))
where k.subject_kind = 'query' and k.state = 'satisfied' and k.target in ('first_response', 'next_response');--> statement-breakpoint
update clocks k set answered_by_id = (
  select min(i.id) from interactions i
  where i.request_id = k.subject_id and i.direction = 'outbound' and i.channel <> 'note' and not i.missed
    and not i.automatic and date_trunc('milliseconds', i.occurred_at) = date_trunc('milliseconds', k.ended_at))
where k.subject_kind = 'request' and k.state = 'satisfied' and k.target in ('first_response', 'next_response');--> statement-breakpoint

-- When a query was taken up was noted as its first response, unless a message had been that before.
alter table queries disable trigger user;--> statement-breakpoint
update queries q set started_at = coalesce((
    select min(a.at) from audit_log a
    where a.table_name = 'queries' and a.row_id = q.id and a.action = 'update'
      and a.new_values ->> 'status' in ('in_progress', 'resolved')), first_responded_at, opened_at)
where status <> 'open';--> statement-breakpoint
alter table queries enable trigger user;
