-- Own work is seen by its author while he is active; the other sets are empty for somebody deactivated already.
create function app.acting_user_id() returns bigint language plpgsql stable as $$
begin
  return case when app.my_level() is not null then app.user_id() end;
end $$;--> statement-breakpoint
revoke all on function app.acting_user_id() from public;--> statement-breakpoint
grant execute on function app.acting_user_id() to rapport_scoped, rapport_all, rapport_system, rapport_search;
