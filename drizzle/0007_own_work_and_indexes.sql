DROP INDEX "notifications_newest";--> statement-breakpoint
DROP INDEX "job_runs_latest";--> statement-breakpoint
CREATE INDEX "escalations_untold" ON "escalations" USING btree ("id") WHERE told_user_ids = '{}';--> statement-breakpoint
CREATE INDEX "notifications_newest" ON "notifications" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "job_runs_latest" ON "job_runs" USING btree ("schedule","due_at");--> statement-breakpoint
ALTER POLICY "client_notes_scoped_read" ON "client_notes" TO rapport_scoped USING ((exists (select 1 from client_access a where a.client_id = client_notes.client_id)) or (author_id = (select app.acting_user_id())));--> statement-breakpoint
ALTER POLICY "client_notes_scoped_add" ON "client_notes" TO rapport_scoped WITH CHECK ((exists (select 1 from client_access a where a.client_id = client_notes.client_id)) and (author_id = (select app.acting_user_id())));--> statement-breakpoint
ALTER POLICY "duplicate_reviews_scoped_add" ON "duplicate_reviews" TO rapport_scoped WITH CHECK (asked_by_id = (select app.acting_user_id()));--> statement-breakpoint
ALTER POLICY "comments_scoped_add" ON "comments" TO rapport_scoped WITH CHECK (author_id = (select app.acting_user_id()));--> statement-breakpoint
ALTER POLICY "digests_scoped_read" ON "digests" TO rapport_scoped USING (user_id = (select app.acting_user_id()));--> statement-breakpoint
ALTER POLICY "digests_scoped_add" ON "digests" TO rapport_scoped WITH CHECK (user_id = (select app.acting_user_id()));--> statement-breakpoint
ALTER POLICY "holdings_scoped_read" ON "holdings" TO rapport_scoped USING ((exists (select 1 from client_access a where a.client_id = holdings.client_id)) or (created_by_id = (select app.acting_user_id())));--> statement-breakpoint
ALTER POLICY "holdings_scoped_add" ON "holdings" TO rapport_scoped WITH CHECK ((created_by_id = (select app.acting_user_id())));--> statement-breakpoint
ALTER POLICY "interactions_scoped_read" ON "interactions" TO rapport_scoped USING ((exists (select 1 from client_access a where a.client_id = interactions.client_id)) or (user_id = (select app.acting_user_id())) or (logged_by_id = (select app.acting_user_id())));--> statement-breakpoint
ALTER POLICY "interactions_scoped_change" ON "interactions" TO rapport_scoped USING ((user_id = (select app.acting_user_id())) or (logged_by_id = (select app.acting_user_id()))) WITH CHECK ((user_id = (select app.acting_user_id())) or (logged_by_id = (select app.acting_user_id())));--> statement-breakpoint
ALTER POLICY "interactions_scoped_add" ON "interactions" TO rapport_scoped WITH CHECK ((logged_by_id = (select app.acting_user_id())));--> statement-breakpoint
ALTER POLICY "notifications_scoped_read" ON "notifications" TO rapport_scoped USING (user_id = (select app.acting_user_id()));--> statement-breakpoint
ALTER POLICY "notifications_scoped_change" ON "notifications" TO rapport_scoped USING (user_id = (select app.acting_user_id())) WITH CHECK (user_id = (select app.acting_user_id()));--> statement-breakpoint
ALTER POLICY "mail_outbox_scoped_read" ON "mail_outbox" TO rapport_scoped USING (user_id = (select app.acting_user_id()));