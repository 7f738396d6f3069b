CREATE INDEX "clock_moves_policy" ON "clock_moves" USING btree ("policy_version_id");--> statement-breakpoint
CREATE INDEX "clock_moves_from" ON "clock_moves" USING btree ("from_version_id");--> statement-breakpoint
CREATE INDEX "escalations_policy" ON "escalations" USING btree ("policy_version_id");