ALTER TABLE "clients" DROP CONSTRAINT "clients_number_unique";--> statement-breakpoint
ALTER TABLE "queries" DROP CONSTRAINT "queries_number_unique";--> statement-breakpoint
ALTER TABLE "service_requests" DROP CONSTRAINT "service_requests_number_unique";--> statement-breakpoint
ALTER TABLE "leads" DROP CONSTRAINT "leads_number_unique";--> statement-breakpoint
CREATE INDEX "clients_number" ON "clients" USING btree ("number");--> statement-breakpoint
CREATE INDEX "queries_number" ON "queries" USING btree ("number");--> statement-breakpoint
CREATE INDEX "service_requests_number" ON "service_requests" USING btree ("number");--> statement-breakpoint
CREATE INDEX "leads_number" ON "leads" USING btree ("number");