-- A look through somebody else's eyes is an act of its own in the audit trail.
create or replace function app.record_preview(of_table text, of_row bigint) returns void language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  if not app.holds_everything() or of_table not in ('users', 'roles') then
    raise insufficient_privilege using message = 'previews are for administrators';
  end if;
  insert into audit_log (table_name, row_id, action, actor_id) values (of_table, of_row, 'preview', app.user_id());
end $$;
