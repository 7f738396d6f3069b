ALTER TABLE "clock_refresh" ADD COLUMN "failing_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "clock_refresh" ADD COLUMN "error" text;--> statement-breakpoint

-- Whoever holds a promise tells others of it, and has to know who of them may still see the record.
grant execute on function app.user_sees_lead(bigint, bigint) to rapport_scoped, rapport_all;
