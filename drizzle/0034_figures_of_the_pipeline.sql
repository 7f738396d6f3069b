ALTER TABLE "pipeline_snapshots" ADD COLUMN "converted" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "pipeline_snapshots" ADD COLUMN "denied" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "pipeline_snapshots" ADD COLUMN "won_value" numeric(18, 2) DEFAULT '0' NOT NULL;--> statement-breakpoint
ALTER TABLE "pipeline_snapshots" ADD COLUMN "up_to_week" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "pipeline_snapshots" ADD COLUMN "up_to_month" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "pipeline_snapshots" ADD COLUMN "up_to_quarter" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "pipeline_snapshots" ADD COLUMN "longer" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "interactions_reviews" ON "interactions" USING btree ("client_id","occurred_at") WHERE purpose = 'portfolio_review';--> statement-breakpoint
CREATE INDEX "pipeline_snapshots_movement" ON "pipeline_snapshots" USING btree ("on_date") WHERE created > 0 or moved > 0 or converted > 0 or denied > 0;