CREATE INDEX "clients_created" ON "clients" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "clients_review_order" ON "clients" USING btree (coalesce("next_review_on", 'infinity'),"id");--> statement-breakpoint
-- Every conversation writes the last contact on its client: with room on the page no index has to follow.
ALTER TABLE "clients" SET (fillfactor = 85);
