CREATE TABLE "products" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "products_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"name_key" text NOT NULL,
	"sku" text,
	"category" text,
	"description" text,
	"price" numeric(18, 2),
	"currency" text DEFAULT 'INR' NOT NULL,
	"scheme_code" text,
	"isin" text,
	"active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "products_nameKey_unique" UNIQUE("name_key"),
	CONSTRAINT "products_sku_unique" UNIQUE("sku"),
	CONSTRAINT "products_schemeCode_unique" UNIQUE("scheme_code")
);
--> statement-breakpoint
CREATE TABLE "client_access" (
	"principal" bigint NOT NULL,
	"client_id" bigint NOT NULL,
	"sort_name" text NOT NULL,
	CONSTRAINT "client_access_client_id_principal_pk" PRIMARY KEY("client_id","principal")
);
--> statement-breakpoint
ALTER TABLE "client_access" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "client_addresses" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "client_addresses_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"client_id" bigint NOT NULL,
	"label" text,
	"lines" text,
	"city" text,
	"region" text,
	"postal_code" text,
	"country" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "client_addresses" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "client_contact_points" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "client_contact_points_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"client_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"label" text,
	"value" text NOT NULL,
	"value_key" text NOT NULL,
	"primary" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "client_contact_points_kind" CHECK ("client_contact_points"."kind" in ('email', 'phone', 'whatsapp'))
);
--> statement-breakpoint
ALTER TABLE "client_contact_points" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "client_notes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "client_notes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"client_id" bigint NOT NULL,
	"author_id" bigint NOT NULL,
	"body" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "client_notes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "client_tags" (
	"client_id" bigint NOT NULL,
	"tag" text NOT NULL,
	CONSTRAINT "client_tags_client_id_tag_pk" PRIMARY KEY("client_id","tag")
);
--> statement-breakpoint
ALTER TABLE "client_tags" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "clients" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "clients_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"number" text GENERATED ALWAYS AS ('CL-' || lpad(id::text, greatest(6, length(id::text)), '0')) STORED NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"sort_name" text GENERATED ALWAYS AS (lower(name)) STORED NOT NULL,
	"organisation" text,
	"type" text DEFAULT 'individual' NOT NULL,
	"tier" text,
	"lifecycle" text DEFAULT 'active' NOT NULL,
	"pan_ref" uuid DEFAULT gen_random_uuid() NOT NULL,
	"pan_cipher" text,
	"pan_index" text,
	"pan_last4" text,
	"pan_key_version" integer,
	"pan_holder" text DEFAULT 'self' NOT NULL,
	"guardian_name" text,
	"pan_exempt_reason" text,
	"account_id" text,
	"primary_rm_id" bigint,
	"secondary_rm_id" bigint,
	"language" text,
	"review_every_months" integer,
	"next_review_on" date,
	"next_contact_on" date,
	"next_contact_channel" text,
	"next_contact_by_id" bigint,
	"last_contact_at" timestamp with time zone,
	"last_contact_channel" text,
	"last_contact_by_id" bigint,
	"last_contact_summary" text,
	"external_ref" text,
	"created_by_id" bigint,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "clients_number_unique" UNIQUE("number"),
	CONSTRAINT "clients_accountId_unique" UNIQUE("account_id"),
	CONSTRAINT "clients_externalRef_unique" UNIQUE("external_ref"),
	CONSTRAINT "clients_kind" CHECK ("clients"."kind" in ('individual', 'organisation')),
	CONSTRAINT "clients_lifecycle" CHECK ("clients"."lifecycle" in ('active', 'archived')),
	CONSTRAINT "clients_pan_whole" CHECK (("clients"."pan_cipher" is null) = ("clients"."pan_index" is null))
);
--> statement-breakpoint
ALTER TABLE "clients" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "duplicate_reviews" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "duplicate_reviews_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"client_id" bigint NOT NULL,
	"lead_id" bigint,
	"matched_on" text NOT NULL,
	"asked_by_id" bigint NOT NULL,
	"decided_by_id" bigint,
	"decision" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"decided_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "duplicate_reviews" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "calendar_holidays" (
	"calendar_id" bigint NOT NULL,
	"on_date" date NOT NULL,
	"name" text NOT NULL,
	CONSTRAINT "calendar_holidays_calendar_id_on_date_pk" PRIMARY KEY("calendar_id","on_date")
);
--> statement-breakpoint
CREATE TABLE "calendar_windows" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "calendar_windows_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"calendar_id" bigint NOT NULL,
	"weekday" smallint NOT NULL,
	"opens" time NOT NULL,
	"closes" time NOT NULL,
	CONSTRAINT "calendar_windows_once" UNIQUE("calendar_id","weekday","opens"),
	CONSTRAINT "calendar_windows_weekday" CHECK ("calendar_windows"."weekday" between 1 and 7),
	CONSTRAINT "calendar_windows_order" CHECK ("calendar_windows"."opens" < "calendar_windows"."closes")
);
--> statement-breakpoint
CREATE TABLE "calendars" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "calendars_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"time_zone" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "calendars_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "clock_segments" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "clock_segments_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"clock_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"cause" text NOT NULL,
	"user_id" bigint,
	"from_at" timestamp with time zone NOT NULL,
	"to_at" timestamp with time zone,
	CONSTRAINT "clock_segments_kind" CHECK ("clock_segments"."kind" in ('ours', 'client', 'third_party'))
);
--> statement-breakpoint
ALTER TABLE "clock_segments" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "clock_steps" (
	"clock_id" bigint NOT NULL,
	"step_key" text NOT NULL,
	"position" integer NOT NULL,
	"kind" text NOT NULL,
	"tell" text NOT NULL,
	"tell_user_id" bigint,
	"action_at" timestamp with time zone,
	CONSTRAINT "clock_steps_clock_id_step_key_pk" PRIMARY KEY("clock_id","step_key")
);
--> statement-breakpoint
ALTER TABLE "clock_steps" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "clocks" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "clocks_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"subject_kind" text NOT NULL,
	"subject_id" bigint NOT NULL,
	"client_id" bigint,
	"target" text NOT NULL,
	"round" integer DEFAULT 1 NOT NULL,
	"policy_version_id" bigint NOT NULL,
	"calendar_id" bigint NOT NULL,
	"state" text DEFAULT 'running' NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone,
	"warn_at" timestamp with time zone,
	"next_action_at" timestamp with time zone,
	"breached_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"minutes_used" integer,
	"minutes_over" integer,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "clocks_subject_kind" CHECK ("clocks"."subject_kind" in ('query', 'request')),
	CONSTRAINT "clocks_target" CHECK ("clocks"."target" in ('first_response', 'resolution')),
	CONSTRAINT "clocks_state" CHECK ("clocks"."state" in ('running', 'paused', 'satisfied', 'cancelled'))
);
--> statement-breakpoint
ALTER TABLE "clocks" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "escalations" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "escalations_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"clock_id" bigint NOT NULL,
	"step_key" text NOT NULL,
	"kind" text NOT NULL,
	"action_at" timestamp with time zone NOT NULL,
	"carried_out_at" timestamp with time zone DEFAULT now() NOT NULL,
	"told_user_ids" bigint[] DEFAULT '{}' NOT NULL,
	CONSTRAINT "escalations_once" UNIQUE("clock_id","step_key")
);
--> statement-breakpoint
ALTER TABLE "escalations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "policies" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "policies_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"key" text NOT NULL,
	"name" text NOT NULL,
	"position" integer NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	"subject_kind" text NOT NULL,
	"request_type_id" bigint,
	"priority" text,
	"client_tier" text,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "policies_key_unique" UNIQUE("key"),
	CONSTRAINT "policies_subject_kind" CHECK ("policies"."subject_kind" in ('query', 'request'))
);
--> statement-breakpoint
CREATE TABLE "policy_steps" (
	"policy_version_id" bigint NOT NULL,
	"target" text NOT NULL,
	"key" text NOT NULL,
	"position" integer NOT NULL,
	"kind" text NOT NULL,
	"at_percent" smallint,
	"after_breach_minutes" integer,
	"tell" text NOT NULL,
	"tell_user_id" bigint,
	CONSTRAINT "policy_steps_policy_version_id_target_key_pk" PRIMARY KEY("policy_version_id","target","key"),
	CONSTRAINT "policy_steps_kind" CHECK ("policy_steps"."kind" in ('warning', 'breach', 'escalation')),
	CONSTRAINT "policy_steps_tell" CHECK ("policy_steps"."tell" in ('assignee', 'secondary', 'head', 'administrators', 'user')),
	CONSTRAINT "policy_steps_when" CHECK (("policy_steps"."at_percent" is null) <> ("policy_steps"."after_breach_minutes" is null))
);
--> statement-breakpoint
CREATE TABLE "policy_targets" (
	"policy_version_id" bigint NOT NULL,
	"target" text NOT NULL,
	"amount" integer NOT NULL,
	"unit" text NOT NULL,
	"warn_percent" smallint DEFAULT 75 NOT NULL,
	CONSTRAINT "policy_targets_policy_version_id_target_pk" PRIMARY KEY("policy_version_id","target"),
	CONSTRAINT "policy_targets_target" CHECK ("policy_targets"."target" in ('first_response', 'resolution')),
	CONSTRAINT "policy_targets_unit" CHECK ("policy_targets"."unit" in ('working_minutes', 'working_days', 'calendar_days')),
	CONSTRAINT "policy_targets_amount" CHECK ("policy_targets"."amount" > 0),
	CONSTRAINT "policy_targets_warn" CHECK ("policy_targets"."warn_percent" between 1 and 99)
);
--> statement-breakpoint
CREATE TABLE "policy_versions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "policy_versions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"policy_id" bigint NOT NULL,
	"version" integer NOT NULL,
	"calendar_id" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "policy_versions_once" UNIQUE("policy_id","version")
);
--> statement-breakpoint
CREATE TABLE "comments" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "comments_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"subject_kind" text NOT NULL,
	"subject_id" bigint NOT NULL,
	"author_id" bigint NOT NULL,
	"body" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "comments_subject" CHECK ("comments"."subject_kind" in ('query', 'request'))
);
--> statement-breakpoint
ALTER TABLE "comments" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "queries" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "queries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"number" text GENERATED ALWAYS AS ('QR-' || lpad(id::text, greatest(6, length(id::text)), '0')) STORED NOT NULL,
	"client_id" bigint NOT NULL,
	"client_name" text DEFAULT '' NOT NULL,
	"client_number" text DEFAULT '' NOT NULL,
	"rm_id" bigint,
	"team_id" bigint,
	"subject" text NOT NULL,
	"details" text,
	"priority" text DEFAULT 'normal' NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"waiting_on" text,
	"waiting_why" text,
	"due_at" timestamp with time zone,
	"resolution" text,
	"opened_at" timestamp with time zone DEFAULT now() NOT NULL,
	"first_responded_at" timestamp with time zone,
	"resolved_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"created_by_id" bigint,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "queries_number_unique" UNIQUE("number"),
	CONSTRAINT "queries_status" CHECK ("queries"."status" in ('open', 'in_progress', 'resolved', 'closed')),
	CONSTRAINT "queries_priority" CHECK ("queries"."priority" in ('low', 'normal', 'high', 'urgent')),
	CONSTRAINT "queries_waiting" CHECK ("queries"."waiting_on" in ('client', 'third_party')),
	CONSTRAINT "queries_resolution" CHECK ("queries"."status" not in ('resolved', 'closed') or "queries"."resolution" is not null)
);
--> statement-breakpoint
ALTER TABLE "queries" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "request_types" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "request_types_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"key" text NOT NULL,
	"name" text NOT NULL,
	"default_tat_days" integer NOT NULL,
	"default_team_id" bigint,
	"checklist" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "request_types_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "service_requests" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "service_requests_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"number" text GENERATED ALWAYS AS ('SR-' || lpad(id::text, greatest(6, length(id::text)), '0')) STORED NOT NULL,
	"client_id" bigint NOT NULL,
	"client_name" text DEFAULT '' NOT NULL,
	"client_number" text DEFAULT '' NOT NULL,
	"type_id" bigint NOT NULL,
	"details" text,
	"priority" text DEFAULT 'normal' NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"waiting_on" text,
	"waiting_why" text,
	"due_at" timestamp with time zone,
	"assignee_id" bigint,
	"team_id" bigint,
	"checklist" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"outcome" text,
	"rejection_reason" text,
	"created_by_id" bigint,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "service_requests_number_unique" UNIQUE("number"),
	CONSTRAINT "service_requests_status" CHECK ("service_requests"."status" in ('pending', 'in_progress', 'completed', 'rejected')),
	CONSTRAINT "service_requests_priority" CHECK ("service_requests"."priority" in ('low', 'normal', 'high', 'urgent')),
	CONSTRAINT "service_requests_waiting" CHECK ("service_requests"."waiting_on" in ('client', 'third_party')),
	CONSTRAINT "service_requests_reason" CHECK ("service_requests"."status" <> 'rejected' or "service_requests"."rejection_reason" is not null)
);
--> statement-breakpoint
ALTER TABLE "service_requests" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "digests" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "digests_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"user_id" bigint NOT NULL,
	"on_date" date NOT NULL,
	"state" text NOT NULL,
	"counts" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "digests_once" UNIQUE("user_id","on_date"),
	CONSTRAINT "digests_state" CHECK ("digests"."state" in ('queued', 'skipped'))
);
--> statement-breakpoint
ALTER TABLE "digests" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "holdings" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "holdings_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"client_id" bigint NOT NULL,
	"kind" text DEFAULT 'investment' NOT NULL,
	"product_id" bigint,
	"product_name" text NOT NULL,
	"folio" text,
	"mode" text,
	"amount" numeric(18, 2),
	"currency" text DEFAULT 'INR' NOT NULL,
	"units" numeric(20, 6),
	"started_on" date,
	"status" text DEFAULT 'active' NOT NULL,
	"serial_numbers" text[] DEFAULT '{}' NOT NULL,
	"lead_id" bigint,
	"created_by_id" bigint,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "holdings_kind" CHECK ("holdings"."kind" in ('investment', 'owned')),
	CONSTRAINT "holdings_status" CHECK ("holdings"."status" in ('active', 'closed')),
	CONSTRAINT "holdings_mode" CHECK ("holdings"."mode" in ('lump_sum', 'sip'))
);
--> statement-breakpoint
ALTER TABLE "holdings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "interactions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "interactions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"client_id" bigint NOT NULL,
	"user_id" bigint,
	"purpose" text DEFAULT 'general' NOT NULL,
	"channel" text NOT NULL,
	"direction" text NOT NULL,
	"subject" text NOT NULL,
	"body" text,
	"occurred_at" timestamp with time zone NOT NULL,
	"missed" boolean DEFAULT false NOT NULL,
	"automatic" boolean DEFAULT false NOT NULL,
	"is_contact" boolean GENERATED ALWAYS AS (channel <> 'note' and direction <> 'internal' and not missed and not automatic and user_id is not null) STORED NOT NULL,
	"product_id" bigint,
	"query_id" bigint,
	"request_id" bigint,
	"lead_id" bigint,
	"logged_by_id" bigint,
	"external_message_id" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "interactions_purpose" CHECK ("interactions"."purpose" in ('new_business', 'query_resolution', 'portfolio_review', 'general')),
	CONSTRAINT "interactions_channel" CHECK ("interactions"."channel" in ('in_person', 'call', 'email', 'video', 'whatsapp', 'sms', 'note')),
	CONSTRAINT "interactions_direction" CHECK ("interactions"."direction" in ('inbound', 'outbound', 'internal'))
);
--> statement-breakpoint
ALTER TABLE "interactions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "leads" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "leads_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"number" text GENERATED ALWAYS AS ('LD-' || lpad(id::text, greatest(6, length(id::text)), '0')) STORED NOT NULL,
	"name" text NOT NULL,
	"sort_name" text GENERATED ALWAYS AS (lower(name)) STORED NOT NULL,
	"phone" text,
	"phone_key" text,
	"email" text,
	"email_key" text,
	"organisation" text,
	"obtained_by_id" bigint,
	"given_by" text,
	"given_by_client_id" bigint,
	"mode" text,
	"conversion_rm_id" bigint,
	"team_id" bigint,
	"product_id" bigint,
	"expected_value" numeric(18, 2),
	"currency" text DEFAULT 'INR' NOT NULL,
	"status" text DEFAULT 'new' NOT NULL,
	"denial_reason" text,
	"denial_note" text,
	"next_follow_up_on" date,
	"notes" text,
	"client_id" bigint,
	"origin_interaction_id" bigint,
	"external_ref" text,
	"created_by_id" bigint,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"converted_at" timestamp with time zone,
	"denied_at" timestamp with time zone,
	"status_changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "leads_number_unique" UNIQUE("number"),
	CONSTRAINT "leads_externalRef_unique" UNIQUE("external_ref"),
	CONSTRAINT "leads_status" CHECK ("leads"."status" in ('new', 'wip', 'converted', 'denied')),
	CONSTRAINT "leads_mode" CHECK ("leads"."mode" in ('call', 'mail', 'whatsapp')),
	CONSTRAINT "leads_denied_reason" CHECK ("leads"."status" <> 'denied' or "leads"."denial_reason" is not null),
	CONSTRAINT "leads_converted_client" CHECK ("leads"."status" <> 'converted' or "leads"."client_id" is not null)
);
--> statement-breakpoint
ALTER TABLE "leads" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "notifications" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "notifications_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"key" text NOT NULL,
	"user_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"subject_kind" text,
	"subject_id" bigint,
	"title" text NOT NULL,
	"body" text,
	"reason" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"read_at" timestamp with time zone,
	CONSTRAINT "notifications_once" UNIQUE("user_id","key")
);
--> statement-breakpoint
ALTER TABLE "notifications" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "role_grants" (
	"role_id" bigint NOT NULL,
	"permission" text NOT NULL,
	"scope" text NOT NULL,
	CONSTRAINT "role_grants_role_id_permission_pk" PRIMARY KEY("role_id","permission"),
	CONSTRAINT "role_grants_scope" CHECK ("role_grants"."scope" in ('own', 'team', 'all'))
);
--> statement-breakpoint
CREATE TABLE "roles" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "roles_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"key" text NOT NULL,
	"name" text NOT NULL,
	"level" smallint NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "roles_key_unique" UNIQUE("key"),
	CONSTRAINT "roles_level" CHECK ("roles"."level" between 0 and 2)
);
--> statement-breakpoint
CREATE TABLE "team_members" (
	"team_id" bigint NOT NULL,
	"user_id" bigint NOT NULL,
	CONSTRAINT "team_members_team_id_user_id_pk" PRIMARY KEY("team_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "teams" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "teams_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"function" text NOT NULL,
	"head_id" bigint,
	"region" text,
	"active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "teams_name_unique" UNIQUE("name"),
	CONSTRAINT "teams_function" CHECK ("teams"."function" in ('rm', 'ops'))
);
--> statement-breakpoint
CREATE TABLE "user_capabilities" (
	"user_id" bigint NOT NULL,
	"capability" text NOT NULL,
	CONSTRAINT "user_capabilities_user_id_capability_pk" PRIMARY KEY("user_id","capability"),
	CONSTRAINT "user_capabilities_capability" CHECK ("user_capabilities"."capability" in ('assessment'))
);
--> statement-breakpoint
CREATE TABLE "user_profiles" (
	"user_id" bigint PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"email_key" text NOT NULL,
	"phone" text,
	"time_zone" text,
	"language" text DEFAULT 'en' NOT NULL,
	"digest_at" time DEFAULT '08:30' NOT NULL,
	"notification_choices" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "user_profiles_emailKey_unique" UNIQUE("email_key")
);
--> statement-breakpoint
ALTER TABLE "user_profiles" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "users" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "users_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"extension" text,
	"role_id" bigint NOT NULL,
	"main_team_id" bigint,
	"active" boolean DEFAULT true NOT NULL,
	"leave_from" date,
	"leave_to" date,
	"substitute_id" bigint,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "users" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "pipeline_snapshots" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "pipeline_snapshots_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"on_date" date NOT NULL,
	"team_id" bigint,
	"rm_id" bigint,
	"product_id" bigint,
	"source" text,
	"status" text NOT NULL,
	"leads" integer NOT NULL,
	"value" numeric(18, 2) NOT NULL,
	"created" integer NOT NULL,
	"moved" integer NOT NULL,
	"days_in_status" integer NOT NULL,
	"days_to_convert" integer NOT NULL,
	"denial_reason" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "pipeline_snapshots_once" UNIQUE NULLS NOT DISTINCT("on_date","team_id","rm_id","product_id","source","status","denial_reason")
);
--> statement-breakpoint
ALTER TABLE "pipeline_snapshots" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "firm_settings" (
	"id" smallint PRIMARY KEY DEFAULT 1 NOT NULL,
	"name" text NOT NULL,
	"profile" text DEFAULT 'wealth' NOT NULL,
	"time_zone" text DEFAULT 'Asia/Kolkata' NOT NULL,
	"currency" text DEFAULT 'INR' NOT NULL,
	"locale" text DEFAULT 'en-IN' NOT NULL,
	"client_word" text DEFAULT 'client' NOT NULL,
	"promise_word" text DEFAULT 'TAT' NOT NULL,
	"pan_compulsory" boolean DEFAULT true NOT NULL,
	"demo" boolean DEFAULT false NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "firm_settings_one" CHECK ("firm_settings"."id" = 1)
);
--> statement-breakpoint
CREATE TABLE "key_checks" (
	"id" smallint PRIMARY KEY NOT NULL,
	"fingerprint" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "list_items" (
	"list" text NOT NULL,
	"key" text NOT NULL,
	"label" text NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	CONSTRAINT "list_items_list_key_pk" PRIMARY KEY("list","key")
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_log_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"table_name" text NOT NULL,
	"row_id" bigint,
	"action" text NOT NULL,
	"old_values" jsonb,
	"new_values" jsonb,
	"actor_id" bigint,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "audit_log_action" CHECK ("audit_log"."action" in ('insert', 'update', 'delete', 'reveal'))
);
--> statement-breakpoint
ALTER TABLE "audit_log" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "credentials" (
	"user_id" bigint PRIMARY KEY NOT NULL,
	"password_hash" text,
	"must_change" boolean DEFAULT false NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "credentials" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "invitations" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"user_id" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "invitations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "login_attempts" (
	"key" text PRIMARY KEY NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"first_failed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"locked_until" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "login_attempts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"absolute_expires_at" timestamp with time zone NOT NULL,
	"user_agent" text,
	"address" text
);
--> statement-breakpoint
ALTER TABLE "sessions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "dead_letters" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "dead_letters_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"queue" text NOT NULL,
	"job" text NOT NULL,
	"payload" jsonb NOT NULL,
	"error" text NOT NULL,
	"attempts" integer NOT NULL,
	"failed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"retried_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "job_outbox" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "job_outbox_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"job" text NOT NULL,
	"payload" jsonb NOT NULL,
	"run_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"relayed_at" timestamp with time zone,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "job_runs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "job_runs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"schedule" text NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"state" text NOT NULL,
	"attempt" integer DEFAULT 1 NOT NULL,
	"did" text,
	"error" text,
	CONSTRAINT "job_runs_once" UNIQUE("schedule","due_at"),
	CONSTRAINT "job_runs_state" CHECK ("job_runs"."state" in ('running', 'done', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "mail_outbox" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "mail_outbox_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"key" text NOT NULL,
	"user_id" bigint,
	"to_address" text NOT NULL,
	"subject" text NOT NULL,
	"text" text NOT NULL,
	"html" text NOT NULL,
	"kind" text NOT NULL,
	"message_id" text NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_error" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"sending_at" timestamp with time zone,
	"sent_at" timestamp with time zone,
	CONSTRAINT "mail_outbox_key_unique" UNIQUE("key"),
	CONSTRAINT "mail_outbox_state" CHECK ("mail_outbox"."state" in ('pending', 'sending', 'sent', 'unknown', 'parked'))
);
--> statement-breakpoint
ALTER TABLE "mail_outbox" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "client_access" ADD CONSTRAINT "client_access_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "client_addresses" ADD CONSTRAINT "client_addresses_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "client_contact_points" ADD CONSTRAINT "client_contact_points_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "client_notes" ADD CONSTRAINT "client_notes_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "client_notes" ADD CONSTRAINT "client_notes_author_id_users_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "client_tags" ADD CONSTRAINT "client_tags_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clients" ADD CONSTRAINT "clients_primary_rm_id_users_id_fk" FOREIGN KEY ("primary_rm_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clients" ADD CONSTRAINT "clients_secondary_rm_id_users_id_fk" FOREIGN KEY ("secondary_rm_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clients" ADD CONSTRAINT "clients_next_contact_by_id_users_id_fk" FOREIGN KEY ("next_contact_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clients" ADD CONSTRAINT "clients_created_by_id_users_id_fk" FOREIGN KEY ("created_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duplicate_reviews" ADD CONSTRAINT "duplicate_reviews_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duplicate_reviews" ADD CONSTRAINT "duplicate_reviews_asked_by_id_users_id_fk" FOREIGN KEY ("asked_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duplicate_reviews" ADD CONSTRAINT "duplicate_reviews_decided_by_id_users_id_fk" FOREIGN KEY ("decided_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calendar_holidays" ADD CONSTRAINT "calendar_holidays_calendar_id_calendars_id_fk" FOREIGN KEY ("calendar_id") REFERENCES "public"."calendars"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calendar_windows" ADD CONSTRAINT "calendar_windows_calendar_id_calendars_id_fk" FOREIGN KEY ("calendar_id") REFERENCES "public"."calendars"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clock_segments" ADD CONSTRAINT "clock_segments_clock_id_clocks_id_fk" FOREIGN KEY ("clock_id") REFERENCES "public"."clocks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clock_segments" ADD CONSTRAINT "clock_segments_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clock_steps" ADD CONSTRAINT "clock_steps_clock_id_clocks_id_fk" FOREIGN KEY ("clock_id") REFERENCES "public"."clocks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clock_steps" ADD CONSTRAINT "clock_steps_tell_user_id_users_id_fk" FOREIGN KEY ("tell_user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clocks" ADD CONSTRAINT "clocks_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clocks" ADD CONSTRAINT "clocks_policy_version_id_policy_versions_id_fk" FOREIGN KEY ("policy_version_id") REFERENCES "public"."policy_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clocks" ADD CONSTRAINT "clocks_calendar_id_calendars_id_fk" FOREIGN KEY ("calendar_id") REFERENCES "public"."calendars"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "escalations" ADD CONSTRAINT "escalations_clock_id_clocks_id_fk" FOREIGN KEY ("clock_id") REFERENCES "public"."clocks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_steps" ADD CONSTRAINT "policy_steps_policy_version_id_policy_versions_id_fk" FOREIGN KEY ("policy_version_id") REFERENCES "public"."policy_versions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_steps" ADD CONSTRAINT "policy_steps_tell_user_id_users_id_fk" FOREIGN KEY ("tell_user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_targets" ADD CONSTRAINT "policy_targets_policy_version_id_policy_versions_id_fk" FOREIGN KEY ("policy_version_id") REFERENCES "public"."policy_versions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_versions" ADD CONSTRAINT "policy_versions_policy_id_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "public"."policies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_versions" ADD CONSTRAINT "policy_versions_calendar_id_calendars_id_fk" FOREIGN KEY ("calendar_id") REFERENCES "public"."calendars"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "comments" ADD CONSTRAINT "comments_author_id_users_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "queries" ADD CONSTRAINT "queries_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "queries" ADD CONSTRAINT "queries_rm_id_users_id_fk" FOREIGN KEY ("rm_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "queries" ADD CONSTRAINT "queries_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "queries" ADD CONSTRAINT "queries_created_by_id_users_id_fk" FOREIGN KEY ("created_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "request_types" ADD CONSTRAINT "request_types_default_team_id_teams_id_fk" FOREIGN KEY ("default_team_id") REFERENCES "public"."teams"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "service_requests" ADD CONSTRAINT "service_requests_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "service_requests" ADD CONSTRAINT "service_requests_type_id_request_types_id_fk" FOREIGN KEY ("type_id") REFERENCES "public"."request_types"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "service_requests" ADD CONSTRAINT "service_requests_assignee_id_users_id_fk" FOREIGN KEY ("assignee_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "service_requests" ADD CONSTRAINT "service_requests_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "service_requests" ADD CONSTRAINT "service_requests_created_by_id_users_id_fk" FOREIGN KEY ("created_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "digests" ADD CONSTRAINT "digests_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "holdings" ADD CONSTRAINT "holdings_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "holdings" ADD CONSTRAINT "holdings_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "holdings" ADD CONSTRAINT "holdings_created_by_id_users_id_fk" FOREIGN KEY ("created_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "interactions" ADD CONSTRAINT "interactions_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "interactions" ADD CONSTRAINT "interactions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "interactions" ADD CONSTRAINT "interactions_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "interactions" ADD CONSTRAINT "interactions_logged_by_id_users_id_fk" FOREIGN KEY ("logged_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "leads" ADD CONSTRAINT "leads_obtained_by_id_users_id_fk" FOREIGN KEY ("obtained_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "leads" ADD CONSTRAINT "leads_given_by_client_id_clients_id_fk" FOREIGN KEY ("given_by_client_id") REFERENCES "public"."clients"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "leads" ADD CONSTRAINT "leads_conversion_rm_id_users_id_fk" FOREIGN KEY ("conversion_rm_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "leads" ADD CONSTRAINT "leads_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "leads" ADD CONSTRAINT "leads_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "leads" ADD CONSTRAINT "leads_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "leads" ADD CONSTRAINT "leads_created_by_id_users_id_fk" FOREIGN KEY ("created_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "role_grants" ADD CONSTRAINT "role_grants_role_id_roles_id_fk" FOREIGN KEY ("role_id") REFERENCES "public"."roles"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "team_members" ADD CONSTRAINT "team_members_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "team_members" ADD CONSTRAINT "team_members_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "teams" ADD CONSTRAINT "teams_head_id_users_id_fk" FOREIGN KEY ("head_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_capabilities" ADD CONSTRAINT "user_capabilities_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_profiles" ADD CONSTRAINT "user_profiles_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_role_id_roles_id_fk" FOREIGN KEY ("role_id") REFERENCES "public"."roles"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_main_team_id_teams_id_fk" FOREIGN KEY ("main_team_id") REFERENCES "public"."teams"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_substitute_id_users_id_fk" FOREIGN KEY ("substitute_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "products_name" ON "products" USING btree ("name","id");--> statement-breakpoint
CREATE INDEX "client_access_sorted" ON "client_access" USING btree ("principal","sort_name","client_id");--> statement-breakpoint
CREATE INDEX "client_addresses_client" ON "client_addresses" USING btree ("client_id");--> statement-breakpoint
CREATE UNIQUE INDEX "client_contact_points_once" ON "client_contact_points" USING btree ("client_id","kind","value_key");--> statement-breakpoint
CREATE INDEX "client_contact_points_value" ON "client_contact_points" USING btree ("value_key");--> statement-breakpoint
CREATE INDEX "client_notes_client" ON "client_notes" USING btree ("client_id","created_at");--> statement-breakpoint
CREATE INDEX "client_tags_tag" ON "client_tags" USING btree ("tag");--> statement-breakpoint
CREATE UNIQUE INDEX "clients_pan" ON "clients" USING btree ("pan_index") WHERE pan_holder = 'self';--> statement-breakpoint
CREATE INDEX "clients_sort" ON "clients" USING btree ("sort_name","id");--> statement-breakpoint
CREATE INDEX "clients_primary_rm" ON "clients" USING btree ("primary_rm_id");--> statement-breakpoint
CREATE INDEX "clients_secondary_rm" ON "clients" USING btree ("secondary_rm_id");--> statement-breakpoint
CREATE INDEX "clients_next_review" ON "clients" USING btree ("next_review_on") WHERE lifecycle = 'active';--> statement-breakpoint
CREATE INDEX "clients_search" ON "clients" USING gin (app.client_search_text(name, number, organisation, account_id) gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "duplicate_reviews_client" ON "duplicate_reviews" USING btree ("client_id");--> statement-breakpoint
CREATE INDEX "clock_segments_clock" ON "clock_segments" USING btree ("clock_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "clock_segments_open" ON "clock_segments" USING btree ("clock_id") WHERE to_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "clocks_round" ON "clocks" USING btree ("subject_kind","subject_id","target","round");--> statement-breakpoint
CREATE UNIQUE INDEX "clocks_one_running" ON "clocks" USING btree ("subject_kind","subject_id","target") WHERE state in ('running', 'paused');--> statement-breakpoint
CREATE INDEX "clocks_next_action" ON "clocks" USING btree ("next_action_at") WHERE next_action_at is not null;--> statement-breakpoint
CREATE INDEX "clocks_client" ON "clocks" USING btree ("client_id");--> statement-breakpoint
CREATE INDEX "escalations_recent" ON "escalations" USING btree ("carried_out_at");--> statement-breakpoint
CREATE INDEX "comments_by_subject" ON "comments" USING btree ("subject_kind","subject_id","id");--> statement-breakpoint
CREATE INDEX "queries_client" ON "queries" USING btree ("client_id","opened_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "queries_rm" ON "queries" USING btree ("rm_id","opened_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "queries_opened" ON "queries" USING btree ("opened_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "queries_due" ON "queries" USING btree ("due_at") WHERE status in ('open', 'in_progress');--> statement-breakpoint
CREATE INDEX "queries_team" ON "queries" USING btree ("team_id") WHERE rm_id is null;--> statement-breakpoint
CREATE INDEX "service_requests_client" ON "service_requests" USING btree ("client_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "service_requests_assignee" ON "service_requests" USING btree ("assignee_id","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "service_requests_team" ON "service_requests" USING btree ("team_id","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "service_requests_created" ON "service_requests" USING btree ("created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "service_requests_due" ON "service_requests" USING btree ("due_at") WHERE status in ('pending', 'in_progress');--> statement-breakpoint
CREATE INDEX "service_requests_queue" ON "service_requests" USING btree ("team_id","due_at","id") WHERE status = 'pending' and assignee_id is null;--> statement-breakpoint
CREATE INDEX "holdings_client" ON "holdings" USING btree ("client_id","id");--> statement-breakpoint
CREATE INDEX "holdings_author" ON "holdings" USING btree ("created_by_id");--> statement-breakpoint
CREATE INDEX "holdings_product" ON "holdings" USING btree ("product_id");--> statement-breakpoint
CREATE INDEX "holdings_lead" ON "holdings" USING btree ("lead_id");--> statement-breakpoint
CREATE UNIQUE INDEX "interactions_message" ON "interactions" USING btree ("channel","external_message_id");--> statement-breakpoint
CREATE INDEX "interactions_timeline" ON "interactions" USING btree ("client_id","occurred_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "interactions_recent" ON "interactions" USING btree ("occurred_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "interactions_user" ON "interactions" USING btree ("user_id","occurred_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "interactions_logged_by" ON "interactions" USING btree ("logged_by_id");--> statement-breakpoint
CREATE INDEX "interactions_lead" ON "interactions" USING btree ("lead_id");--> statement-breakpoint
CREATE INDEX "interactions_query" ON "interactions" USING btree ("query_id");--> statement-breakpoint
CREATE INDEX "interactions_request" ON "interactions" USING btree ("request_id");--> statement-breakpoint
CREATE INDEX "leads_created" ON "leads" USING btree ("created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "leads_rm" ON "leads" USING btree ("conversion_rm_id","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "leads_obtainer" ON "leads" USING btree ("obtained_by_id");--> statement-breakpoint
CREATE INDEX "leads_team" ON "leads" USING btree ("team_id") WHERE conversion_rm_id is null;--> statement-breakpoint
CREATE INDEX "leads_client" ON "leads" USING btree ("client_id");--> statement-breakpoint
CREATE INDEX "leads_status" ON "leads" USING btree ("status","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "leads_search" ON "leads" USING gin (app.lead_search_text(name, number, organisation, email, phone) gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "notifications_newest" ON "notifications" USING btree ("user_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "notifications_unread" ON "notifications" USING btree ("user_id") WHERE read_at is null;--> statement-breakpoint
CREATE INDEX "team_members_user" ON "team_members" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "teams_head" ON "teams" USING btree ("head_id");--> statement-breakpoint
CREATE INDEX "users_role" ON "users" USING btree ("role_id");--> statement-breakpoint
CREATE INDEX "pipeline_snapshots_rm" ON "pipeline_snapshots" USING btree ("rm_id","on_date");--> statement-breakpoint
CREATE INDEX "audit_log_record" ON "audit_log" USING btree ("table_name","row_id","id");--> statement-breakpoint
CREATE INDEX "audit_log_actor" ON "audit_log" USING btree ("actor_id","id");--> statement-breakpoint
CREATE INDEX "invitations_user" ON "invitations" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sessions_expiry" ON "sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "job_outbox_waiting" ON "job_outbox" USING btree ("id") WHERE relayed_at is null;--> statement-breakpoint
CREATE INDEX "job_outbox_unfinished" ON "job_outbox" USING btree ("run_at") WHERE finished_at is null;--> statement-breakpoint
CREATE INDEX "job_runs_latest" ON "job_runs" USING btree ("schedule","due_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "mail_outbox_due" ON "mail_outbox" USING btree ("next_attempt_at") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "mail_outbox_sending" ON "mail_outbox" USING btree ("sending_at") WHERE state = 'sending';--> statement-breakpoint
CREATE POLICY "client_access_scoped_read" ON "client_access" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (principal = any ((select app.principals())::bigint[]));--> statement-breakpoint
CREATE POLICY "client_access_all" ON "client_access" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "client_access_system" ON "client_access" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "client_addresses_scoped_read" ON "client_addresses" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (exists (select 1 from client_access a where a.client_id = client_addresses.client_id));--> statement-breakpoint
CREATE POLICY "client_addresses_all" ON "client_addresses" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "client_addresses_system" ON "client_addresses" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "client_addresses_scoped_change" ON "client_addresses" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING (exists (select 1 from client_access a where a.client_id = client_addresses.client_id)) WITH CHECK (exists (select 1 from client_access a where a.client_id = client_addresses.client_id));--> statement-breakpoint
CREATE POLICY "client_addresses_scoped_add" ON "client_addresses" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK (exists (select 1 from client_access a where a.client_id = client_addresses.client_id));--> statement-breakpoint
CREATE POLICY "client_addresses_scoped_remove" ON "client_addresses" AS PERMISSIVE FOR DELETE TO "rapport_scoped" USING (exists (select 1 from client_access a where a.client_id = client_addresses.client_id));--> statement-breakpoint
CREATE POLICY "client_contact_points_scoped_read" ON "client_contact_points" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (exists (select 1 from client_access a where a.client_id = client_contact_points.client_id));--> statement-breakpoint
CREATE POLICY "client_contact_points_all" ON "client_contact_points" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "client_contact_points_system" ON "client_contact_points" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "client_contact_points_scoped_change" ON "client_contact_points" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING (exists (select 1 from client_access a where a.client_id = client_contact_points.client_id)) WITH CHECK (exists (select 1 from client_access a where a.client_id = client_contact_points.client_id));--> statement-breakpoint
CREATE POLICY "client_contact_points_scoped_add" ON "client_contact_points" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK (exists (select 1 from client_access a where a.client_id = client_contact_points.client_id));--> statement-breakpoint
CREATE POLICY "client_contact_points_scoped_remove" ON "client_contact_points" AS PERMISSIVE FOR DELETE TO "rapport_scoped" USING (exists (select 1 from client_access a where a.client_id = client_contact_points.client_id));--> statement-breakpoint
CREATE POLICY "client_notes_scoped_read" ON "client_notes" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING ((exists (select 1 from client_access a where a.client_id = client_notes.client_id)) or (author_id = (select app.user_id())));--> statement-breakpoint
CREATE POLICY "client_notes_all" ON "client_notes" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "client_notes_system" ON "client_notes" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "client_notes_scoped_add" ON "client_notes" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK ((exists (select 1 from client_access a where a.client_id = client_notes.client_id)) and (author_id = (select app.user_id())));--> statement-breakpoint
CREATE POLICY "client_tags_scoped_read" ON "client_tags" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (exists (select 1 from client_access a where a.client_id = client_tags.client_id));--> statement-breakpoint
CREATE POLICY "client_tags_all" ON "client_tags" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "client_tags_system" ON "client_tags" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "client_tags_scoped_change" ON "client_tags" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING (exists (select 1 from client_access a where a.client_id = client_tags.client_id)) WITH CHECK (exists (select 1 from client_access a where a.client_id = client_tags.client_id));--> statement-breakpoint
CREATE POLICY "client_tags_scoped_add" ON "client_tags" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK (exists (select 1 from client_access a where a.client_id = client_tags.client_id));--> statement-breakpoint
CREATE POLICY "client_tags_scoped_remove" ON "client_tags" AS PERMISSIVE FOR DELETE TO "rapport_scoped" USING (exists (select 1 from client_access a where a.client_id = client_tags.client_id));--> statement-breakpoint
CREATE POLICY "clients_scoped_read" ON "clients" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING ((primary_rm_id = any ((select app.visible_user_ids())::bigint[])) or (secondary_rm_id = any ((select app.visible_user_ids())::bigint[])) or (exists (select 1 from client_access a where a.client_id = clients.id)));--> statement-breakpoint
CREATE POLICY "clients_all" ON "clients" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "clients_system" ON "clients" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "clients_scoped_change" ON "clients" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING ((primary_rm_id = any ((select app.visible_user_ids())::bigint[])) or (secondary_rm_id = any ((select app.visible_user_ids())::bigint[])) or (exists (select 1 from client_access a where a.client_id = clients.id))) WITH CHECK ((primary_rm_id = any ((select app.visible_user_ids())::bigint[])) or (secondary_rm_id = any ((select app.visible_user_ids())::bigint[])) or (exists (select 1 from client_access a where a.client_id = clients.id)));--> statement-breakpoint
CREATE POLICY "clients_scoped_add" ON "clients" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK ((primary_rm_id = any ((select app.visible_user_ids())::bigint[])) or (secondary_rm_id = any ((select app.visible_user_ids())::bigint[])) or (exists (select 1 from client_access a where a.client_id = clients.id)));--> statement-breakpoint
CREATE POLICY "duplicate_reviews_scoped_read" ON "duplicate_reviews" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (exists (select 1 from client_access a where a.client_id = duplicate_reviews.client_id));--> statement-breakpoint
CREATE POLICY "duplicate_reviews_all" ON "duplicate_reviews" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "duplicate_reviews_system" ON "duplicate_reviews" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "duplicate_reviews_scoped_change" ON "duplicate_reviews" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING (exists (select 1 from client_access a where a.client_id = duplicate_reviews.client_id)) WITH CHECK (exists (select 1 from client_access a where a.client_id = duplicate_reviews.client_id));--> statement-breakpoint
CREATE POLICY "duplicate_reviews_scoped_add" ON "duplicate_reviews" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK (asked_by_id = (select app.user_id()));--> statement-breakpoint
CREATE POLICY "clock_segments_scoped_read" ON "clock_segments" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (exists (select 1 from clocks v where v.id = clock_id));--> statement-breakpoint
CREATE POLICY "clock_segments_all" ON "clock_segments" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "clock_segments_system" ON "clock_segments" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "clock_segments_scoped_change" ON "clock_segments" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING (exists (select 1 from clocks v where v.id = clock_id)) WITH CHECK (exists (select 1 from clocks v where v.id = clock_id));--> statement-breakpoint
CREATE POLICY "clock_segments_scoped_add" ON "clock_segments" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK (exists (select 1 from clocks v where v.id = clock_id));--> statement-breakpoint
CREATE POLICY "clock_steps_scoped_read" ON "clock_steps" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (exists (select 1 from clocks v where v.id = clock_id));--> statement-breakpoint
CREATE POLICY "clock_steps_all" ON "clock_steps" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "clock_steps_system" ON "clock_steps" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "clock_steps_scoped_change" ON "clock_steps" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING (exists (select 1 from clocks v where v.id = clock_id)) WITH CHECK (exists (select 1 from clocks v where v.id = clock_id));--> statement-breakpoint
CREATE POLICY "clock_steps_scoped_add" ON "clock_steps" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK (exists (select 1 from clocks v where v.id = clock_id));--> statement-breakpoint
CREATE POLICY "clock_steps_scoped_remove" ON "clock_steps" AS PERMISSIVE FOR DELETE TO "rapport_scoped" USING (exists (select 1 from clocks v where v.id = clock_id));--> statement-breakpoint
CREATE POLICY "clocks_scoped_read" ON "clocks" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (case subject_kind when 'query' then exists (select 1 from queries v where v.id = subject_id) else exists (select 1 from service_requests v where v.id = subject_id) end);--> statement-breakpoint
CREATE POLICY "clocks_all" ON "clocks" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "clocks_system" ON "clocks" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "clocks_scoped_change" ON "clocks" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING (case subject_kind when 'query' then exists (select 1 from queries v where v.id = subject_id) else exists (select 1 from service_requests v where v.id = subject_id) end) WITH CHECK (case subject_kind when 'query' then exists (select 1 from queries v where v.id = subject_id) else exists (select 1 from service_requests v where v.id = subject_id) end);--> statement-breakpoint
CREATE POLICY "clocks_scoped_add" ON "clocks" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK (case subject_kind when 'query' then exists (select 1 from queries v where v.id = subject_id) else exists (select 1 from service_requests v where v.id = subject_id) end);--> statement-breakpoint
CREATE POLICY "escalations_scoped_read" ON "escalations" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (exists (select 1 from clocks v where v.id = clock_id));--> statement-breakpoint
CREATE POLICY "escalations_all" ON "escalations" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "escalations_system" ON "escalations" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "comments_scoped_read" ON "comments" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (case subject_kind when 'query' then exists (select 1 from queries v where v.id = subject_id) else exists (select 1 from service_requests v where v.id = subject_id) end);--> statement-breakpoint
CREATE POLICY "comments_all" ON "comments" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "comments_system" ON "comments" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "comments_scoped_add" ON "comments" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK (author_id = (select app.user_id()));--> statement-breakpoint
CREATE POLICY "queries_scoped_read" ON "queries" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING ((rm_id = any ((select app.visible_user_ids())::bigint[])) or ((rm_id is null) and (team_id = any ((select app.team_ids())::bigint[]))) or (exists (select 1 from client_access a where a.client_id = queries.client_id)));--> statement-breakpoint
CREATE POLICY "queries_all" ON "queries" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "queries_system" ON "queries" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "queries_scoped_change" ON "queries" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING ((rm_id = any ((select app.visible_user_ids())::bigint[])) or ((rm_id is null) and (team_id = any ((select app.team_ids())::bigint[]))) or (exists (select 1 from client_access a where a.client_id = queries.client_id))) WITH CHECK ((rm_id = any ((select app.visible_user_ids())::bigint[])) or ((rm_id is null) and (team_id = any ((select app.team_ids())::bigint[]))) or (exists (select 1 from client_access a where a.client_id = queries.client_id)));--> statement-breakpoint
CREATE POLICY "queries_scoped_add" ON "queries" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK ((rm_id = any ((select app.visible_user_ids())::bigint[])) or ((rm_id is null) and (team_id = any ((select app.team_ids())::bigint[]))) or (exists (select 1 from client_access a where a.client_id = queries.client_id)));--> statement-breakpoint
CREATE POLICY "service_requests_scoped_read" ON "service_requests" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (((select app.is_head())) or (assignee_id = any ((select app.visible_user_ids())::bigint[])) or (team_id = any ((select app.team_ids())::bigint[])) or (exists (select 1 from client_access a where a.client_id = service_requests.client_id)));--> statement-breakpoint
CREATE POLICY "service_requests_all" ON "service_requests" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "service_requests_system" ON "service_requests" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "service_requests_scoped_change" ON "service_requests" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING ((assignee_id = any ((select app.visible_user_ids())::bigint[])) or (team_id = any ((select app.team_ids())::bigint[])) or (exists (select 1 from client_access a where a.client_id = service_requests.client_id))) WITH CHECK ((assignee_id = any ((select app.visible_user_ids())::bigint[])) or (team_id = any ((select app.team_ids())::bigint[])) or (exists (select 1 from client_access a where a.client_id = service_requests.client_id)));--> statement-breakpoint
CREATE POLICY "service_requests_scoped_add" ON "service_requests" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK ((exists (select 1 from client_access a where a.client_id = service_requests.client_id)) or ((select app.opens_for_anybody())));--> statement-breakpoint
CREATE POLICY "digests_scoped_read" ON "digests" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (user_id = (select app.user_id()));--> statement-breakpoint
CREATE POLICY "digests_all" ON "digests" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "digests_system" ON "digests" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "digests_scoped_add" ON "digests" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK (user_id = (select app.user_id()));--> statement-breakpoint
CREATE POLICY "holdings_scoped_read" ON "holdings" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING ((exists (select 1 from client_access a where a.client_id = holdings.client_id)) or (created_by_id = (select app.user_id())));--> statement-breakpoint
CREATE POLICY "holdings_all" ON "holdings" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "holdings_system" ON "holdings" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "holdings_scoped_change" ON "holdings" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING (exists (select 1 from client_access a where a.client_id = holdings.client_id)) WITH CHECK (exists (select 1 from client_access a where a.client_id = holdings.client_id));--> statement-breakpoint
CREATE POLICY "holdings_scoped_add" ON "holdings" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK ((created_by_id = (select app.user_id())));--> statement-breakpoint
CREATE POLICY "interactions_scoped_read" ON "interactions" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING ((exists (select 1 from client_access a where a.client_id = interactions.client_id)) or (user_id = (select app.user_id())) or (logged_by_id = (select app.user_id())));--> statement-breakpoint
CREATE POLICY "interactions_all" ON "interactions" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "interactions_system" ON "interactions" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "interactions_scoped_change" ON "interactions" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING ((user_id = (select app.user_id())) or (logged_by_id = (select app.user_id()))) WITH CHECK ((user_id = (select app.user_id())) or (logged_by_id = (select app.user_id())));--> statement-breakpoint
CREATE POLICY "interactions_scoped_add" ON "interactions" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK ((logged_by_id = (select app.user_id())));--> statement-breakpoint
CREATE POLICY "leads_scoped_read" ON "leads" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING ((conversion_rm_id = any ((select app.visible_user_ids())::bigint[])) or (obtained_by_id = any ((select app.visible_user_ids())::bigint[])) or ((conversion_rm_id is null) and (team_id = any ((select app.headed_team_ids())::bigint[]))));--> statement-breakpoint
CREATE POLICY "leads_all" ON "leads" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "leads_system" ON "leads" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "leads_scoped_change" ON "leads" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING ((conversion_rm_id = any ((select app.visible_user_ids())::bigint[])) or ((conversion_rm_id is null) and (team_id = any ((select app.headed_team_ids())::bigint[])))) WITH CHECK ((conversion_rm_id = any ((select app.visible_user_ids())::bigint[])) or ((conversion_rm_id is null) and (team_id = any ((select app.headed_team_ids())::bigint[]))));--> statement-breakpoint
CREATE POLICY "leads_scoped_add" ON "leads" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK ((conversion_rm_id = any ((select app.visible_user_ids())::bigint[])) or (obtained_by_id = any ((select app.visible_user_ids())::bigint[])) or ((conversion_rm_id is null) and (team_id = any ((select app.headed_team_ids())::bigint[]))));--> statement-breakpoint
CREATE POLICY "notifications_scoped_read" ON "notifications" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (user_id = (select app.user_id()));--> statement-breakpoint
CREATE POLICY "notifications_all" ON "notifications" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "notifications_system" ON "notifications" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "notifications_scoped_change" ON "notifications" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING (user_id = (select app.user_id())) WITH CHECK (user_id = (select app.user_id()));--> statement-breakpoint
CREATE POLICY "notifications_scoped_add" ON "notifications" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "user_profiles_scoped_read" ON "user_profiles" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (user_id = any ((select app.visible_user_ids())::bigint[]));--> statement-breakpoint
CREATE POLICY "user_profiles_all" ON "user_profiles" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "user_profiles_system" ON "user_profiles" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "user_profiles_scoped_change" ON "user_profiles" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING (user_id = any ((select app.visible_user_ids())::bigint[])) WITH CHECK (user_id = any ((select app.visible_user_ids())::bigint[]));--> statement-breakpoint
CREATE POLICY "user_profiles_gate" ON "user_profiles" AS PERMISSIVE FOR SELECT TO "rapport_gate" USING (true);--> statement-breakpoint
CREATE POLICY "users_scoped_read" ON "users" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (true);--> statement-breakpoint
CREATE POLICY "users_all" ON "users" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "users_system" ON "users" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "users_scoped_change" ON "users" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING (id = any ((select app.visible_user_ids())::bigint[])) WITH CHECK (id = any ((select app.visible_user_ids())::bigint[]));--> statement-breakpoint
CREATE POLICY "users_gate" ON "users" AS PERMISSIVE FOR SELECT TO "rapport_gate" USING (true);--> statement-breakpoint
CREATE POLICY "pipeline_snapshots_scoped_read" ON "pipeline_snapshots" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING ((rm_id = any ((select app.visible_user_ids())::bigint[])) or ((rm_id is null and team_id = any ((select app.headed_team_ids())::bigint[]))));--> statement-breakpoint
CREATE POLICY "pipeline_snapshots_all" ON "pipeline_snapshots" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "pipeline_snapshots_system" ON "pipeline_snapshots" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "audit_log_scoped_read" ON "audit_log" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING ((table_name = 'leads' and exists (select 1 from leads v where v.id = row_id)) or (table_name = 'clients' and exists (select 1 from clients v where v.id = row_id)) or (table_name = 'queries' and exists (select 1 from queries v where v.id = row_id)) or (table_name = 'service_requests' and exists (select 1 from service_requests v where v.id = row_id)));--> statement-breakpoint
CREATE POLICY "audit_log_all" ON "audit_log" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "audit_log_system" ON "audit_log" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "credentials_gate" ON "credentials" AS PERMISSIVE FOR ALL TO "rapport_gate", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "invitations_gate" ON "invitations" AS PERMISSIVE FOR ALL TO "rapport_gate", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "login_attempts_gate" ON "login_attempts" AS PERMISSIVE FOR ALL TO "rapport_gate", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "sessions_gate" ON "sessions" AS PERMISSIVE FOR ALL TO "rapport_gate", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "mail_outbox_scoped_read" ON "mail_outbox" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (user_id = (select app.user_id()));--> statement-breakpoint
CREATE POLICY "mail_outbox_all" ON "mail_outbox" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "mail_outbox_system" ON "mail_outbox" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "mail_outbox_scoped_add" ON "mail_outbox" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK (true);