CREATE INDEX "queries_by_due" ON "queries" USING btree ("due_at","id");--> statement-breakpoint
CREATE INDEX "service_requests_by_due" ON "service_requests" USING btree ("due_at","id");