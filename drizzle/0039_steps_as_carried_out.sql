ALTER TABLE "escalations" ADD COLUMN "tell" text;--> statement-breakpoint
ALTER TABLE "escalations" ADD COLUMN "tell_user_id" bigint;--> statement-breakpoint
ALTER TABLE "escalations" ADD COLUMN "does" text[] DEFAULT '{"notify","mail"}' NOT NULL;--> statement-breakpoint
ALTER TABLE "escalations" ADD CONSTRAINT "escalations_tell_user_id_users_id_fk" FOREIGN KEY ("tell_user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
update escalations e set tell = s.tell, tell_user_id = s.tell_user_id, does = s.does
from clock_steps s where s.clock_id = e.clock_id and s.step_key = e.step_key;
