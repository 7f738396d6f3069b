ALTER TABLE "duplicate_reviews" ADD COLUMN "occasion" text DEFAULT 'client' NOT NULL;--> statement-breakpoint
ALTER TABLE "duplicate_reviews" ADD COLUMN "entered" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "duplicate_reviews" ADD COLUMN "note" text;--> statement-breakpoint
ALTER TABLE "duplicate_reviews" ADD COLUMN "used_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "duplicate_reviews" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
CREATE INDEX "duplicate_reviews_asked_by" ON "duplicate_reviews" USING btree ("asked_by_id","id");--> statement-breakpoint
CREATE INDEX "duplicate_reviews_waiting" ON "duplicate_reviews" USING btree ("id") WHERE decided_at is null;--> statement-breakpoint
CREATE INDEX "duplicate_reviews_lead" ON "duplicate_reviews" USING btree ("lead_id") WHERE lead_id is not null;--> statement-breakpoint
CREATE INDEX "leads_name" ON "leads" USING btree ("sort_name","id");--> statement-breakpoint
CREATE INDEX "leads_value" ON "leads" USING btree ("expected_value" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "leads_follow_up" ON "leads" USING btree ("next_follow_up_on","id");--> statement-breakpoint
CREATE INDEX "leads_to_follow_up" ON "leads" USING btree ("conversion_rm_id","next_follow_up_on") WHERE status in ('new', 'wip');--> statement-breakpoint
CREATE INDEX "leads_product" ON "leads" USING btree ("product_id");--> statement-breakpoint
ALTER TABLE "duplicate_reviews" ADD CONSTRAINT "duplicate_reviews_occasion" CHECK ("duplicate_reviews"."occasion" in ('client', 'lead', 'change', 'contact'));--> statement-breakpoint
ALTER TABLE "duplicate_reviews" ADD CONSTRAINT "duplicate_reviews_decision" CHECK ("duplicate_reviews"."decision" in ('same', 'different', 'withdrawn'));--> statement-breakpoint
ALTER POLICY "duplicate_reviews_scoped_read" ON "duplicate_reviews" TO rapport_scoped USING (((select app.may('clients.assign'))) and (exists (select 1 from clients c where c.id = duplicate_reviews.client_id and c.primary_rm_id = any ((select app.visible_user_ids())::bigint[]))));--> statement-breakpoint
ALTER POLICY "duplicate_reviews_scoped_change" ON "duplicate_reviews" TO rapport_scoped USING (((select app.may('clients.assign'))) and (exists (select 1 from clients c where c.id = duplicate_reviews.client_id and c.primary_rm_id = any ((select app.visible_user_ids())::bigint[])))) WITH CHECK (((select app.may('clients.assign'))) and (exists (select 1 from clients c where c.id = duplicate_reviews.client_id and c.primary_rm_id = any ((select app.visible_user_ids())::bigint[]))));--> statement-breakpoint
update duplicate_reviews set occasion = 'lead' where lead_id is not null;--> statement-breakpoint
grant update on leads, duplicate_reviews to rapport_search;--> statement-breakpoint

-- Notes that something would duplicate a client its author does not see. While nobody has decided, asking again only
-- renews what was entered. Decides: the head of the owner's main team, else of another team of his, else the administrators.
drop function app.review_duplicate(bigint, bigint, text);--> statement-breakpoint
create function app.review_duplicate(of_client bigint, of_lead bigint, on_what text, at_occasion text, what_entered jsonb)
returns table (review_id bigint, heads bigint[]) language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  review bigint;
  head bigint;
begin
  select d.id into review from duplicate_reviews d
  where d.client_id = of_client and d.asked_by_id = app.user_id() and d.occasion = at_occasion
    and d.lead_id is not distinct from of_lead and d.decided_at is null
  order by d.id limit 1;
  if review is null then
    insert into duplicate_reviews (client_id, lead_id, matched_on, occasion, entered, asked_by_id)
    values (of_client, of_lead, on_what, at_occasion, what_entered, app.user_id()) returning id into review;
  else
    update duplicate_reviews set matched_on = on_what, entered = what_entered where id = review;
  end if;
  select t.head_id into head
  from clients c
  join users u on u.id = c.primary_rm_id
  join teams t on t.head_id is not null and (t.id = u.main_team_id
    or exists (select 1 from team_members m where m.team_id = t.id and m.user_id = u.id))
  where c.id = of_client
  order by (t.id = u.main_team_id) desc nulls last, t.id
  limit 1;
  return query select review, case when head is not null then array[head] else
    array(select u.id from users u join roles r on r.id = u.role_id and r.level = 0 where u.active order by u.id) end;
end $$;--> statement-breakpoint

-- Which of these hidden clients were decided to be somebody else than what the actor enters (or the lead is): with
-- `use` that is taken up, once, if it opens the way altogether.
create function app.pass_duplicates(of_clients bigint[], of_lead bigint, use boolean) returns bigint[]
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  open bigint[];
  passed bigint[];
begin
  select coalesce(array_agg(d.id), '{}'), coalesce(array_agg(distinct d.client_id), '{}') into open, passed
  from duplicate_reviews d
  where d.client_id = any (of_clients) and d.decision = 'different' and d.used_at is null
    and d.lead_id is not distinct from of_lead
    and (d.occasion = 'lead' or (d.occasion = 'client' and d.asked_by_id = app.user_id()));
  if use and of_clients <@ passed then
    update duplicate_reviews set used_at = now() where id = any (open);
  end if;
  return passed;
end $$;--> statement-breakpoint

-- What the actor was told is under review, and what came of it: never which client it was.
create function app.own_duplicates() returns table (id bigint, lead_id bigint, occasion text, entered jsonb, decision text,
  note text, decided_by text, created_at timestamptz, decided_at timestamptz, used_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return query
    select d.id, d.lead_id, d.occasion, d.entered, d.decision, d.note, u.name, d.created_at, d.decided_at, d.used_at
    from duplicate_reviews d left join users u on u.id = d.decided_by_id
    where d.asked_by_id = app.user_id() and app.level_of(app.user_id()) is not null and d.occasion <> 'contact';
end $$;--> statement-breakpoint

-- Links the lead of a review that the actor has just decided to the client it is; the head need not see the lead.
-- Null where the lead was finished otherwise.
create function app.link_reviewed_lead(of_review bigint, on_product bigint) returns bigint
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare linked bigint;
begin
  update leads l set status = 'converted', client_id = d.client_id, product_id = coalesce(on_product, l.product_id),
    converted_at = now(), status_changed_at = now(), next_follow_up_on = null, updated_at = now(), version = l.version + 1
  from duplicate_reviews d
  where d.id = of_review and d.decision = 'same' and d.decided_by_id = app.user_id() and d.decided_at = now()
    and l.id = d.lead_id and l.status in ('new', 'wip')
  returning l.id into linked;
  return linked;
end $$;--> statement-breakpoint

-- Nobody decides any more about a lead that was finished otherwise.
create function app.withdraw_duplicates() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  update duplicate_reviews set decision = 'withdrawn', decided_at = now() where lead_id = new.id and decided_at is null;
  return null;
end $$;--> statement-breakpoint

do $$
declare f text;
begin
  foreach f in array array['review_duplicate(bigint, bigint, text, text, jsonb)', 'pass_duplicates(bigint[], bigint, boolean)',
    'own_duplicates()', 'link_reviewed_lead(bigint, bigint)', 'withdraw_duplicates()'] loop
    execute format('alter function app.%s owner to rapport_search', f);
    execute format('revoke all on function app.%s from public', f);
    execute format('grant execute on function app.%s to rapport_scoped, rapport_all, rapport_system, rapport_search', f);
  end loop;
end $$;--> statement-breakpoint
create trigger withdraw_duplicates after update of status on leads for each row
  when (new.status in ('converted', 'denied') and old.status not in ('converted', 'denied')) execute function app.withdraw_duplicates();
