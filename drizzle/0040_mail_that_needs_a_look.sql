ALTER TABLE "digests" DROP CONSTRAINT "digests_state";--> statement-breakpoint
CREATE INDEX "mail_outbox_stuck" ON "mail_outbox" USING btree ("state") WHERE state in ('unknown', 'parked');--> statement-breakpoint
ALTER TABLE "digests" ADD CONSTRAINT "digests_state" CHECK ("digests"."state" in ('queued', 'skipped', 'failed'));