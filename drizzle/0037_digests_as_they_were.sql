ALTER TABLE "digests" DROP CONSTRAINT "digests_once";--> statement-breakpoint
ALTER TABLE "digests" DROP CONSTRAINT "digests_state";--> statement-breakpoint
ALTER TABLE "digests" ADD COLUMN "kind" text DEFAULT 'morning' NOT NULL;--> statement-breakpoint
ALTER TABLE "digests" ADD COLUMN "asked" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "digests" ADD COLUMN "content" jsonb;--> statement-breakpoint
ALTER TABLE "digests" ADD COLUMN "attempts" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "digests" ADD COLUMN "tried_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "digests" ADD COLUMN "error" text;--> statement-breakpoint
ALTER TABLE "user_profiles" ADD COLUMN "digest" boolean;--> statement-breakpoint
ALTER TABLE "mail_outbox" ADD COLUMN "handed_over_at" timestamp with time zone;--> statement-breakpoint
CREATE UNIQUE INDEX "digests_once" ON "digests" USING btree ("user_id","kind","on_date") WHERE not asked;--> statement-breakpoint
ALTER TABLE "digests" ADD CONSTRAINT "digests_kind" CHECK ("digests"."kind" in ('morning', 'weekly'));--> statement-breakpoint
ALTER TABLE "digests" ADD CONSTRAINT "digests_state" CHECK ("digests"."state" in ('writing', 'queued', 'skipped', 'failed'));--> statement-breakpoint
grant update (digest) on user_profiles to rapport_scoped;--> statement-breakpoint
-- Nobody knows how far these got.
update mail_outbox set handed_over_at = sending_at where state = 'sending';
