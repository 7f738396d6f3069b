ALTER TABLE "user_profiles" ADD COLUMN "weekly_digest" boolean;--> statement-breakpoint
grant update (weekly_digest) on user_profiles to rapport_scoped;--> statement-breakpoint
-- What administrators chose so far was about the week.
update user_profiles p set weekly_digest = p.digest, digest = null
from users u join roles r on r.id = u.role_id
where u.id = p.user_id and r.level = 0 and p.digest is not null;
