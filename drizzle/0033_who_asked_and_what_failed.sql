ALTER TABLE "dead_letters" ADD COLUMN "discarded_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "dead_letters" ADD COLUMN "settled_by_id" bigint;--> statement-breakpoint
ALTER TABLE "job_outbox" ADD COLUMN "attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "job_outbox" ADD COLUMN "failed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "job_outbox" ADD COLUMN "last_error" text;--> statement-breakpoint
ALTER TABLE "job_runs" ADD COLUMN "asked_by_id" bigint;--> statement-breakpoint
CREATE INDEX "job_runs_not_done" ON "job_runs" USING btree ("due_at") WHERE state <> 'done';--> statement-breakpoint
grant update (discarded_at, settled_by_id) on dead_letters to rapport_scoped;
