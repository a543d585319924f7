CREATE TABLE "check_hours" (
	"target_id" text NOT NULL,
	"hour" timestamp (3) with time zone NOT NULL,
	"result" text NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "check_hours_target_id_hour_result_pk" PRIMARY KEY("target_id","hour","result")
);
--> statement-breakpoint
CREATE TABLE "checks" (
	"id" text PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"target_id" text NOT NULL,
	"result" text NOT NULL,
	"found" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "schedule_runs" (
	"id" text PRIMARY KEY NOT NULL,
	"schedule_id" text NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"result" text NOT NULL,
	"reason" text,
	"session_id" text,
	"check_id" text,
	"lease_until" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "schedules" (
	"id" text PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"target_id" text NOT NULL,
	"what" jsonb NOT NULL,
	"when" text NOT NULL,
	"time_zone" text NOT NULL,
	"is_on" boolean NOT NULL,
	"next_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "check_hours" ADD CONSTRAINT "check_hours_target_id_targets_id_fk" FOREIGN KEY ("target_id") REFERENCES "public"."targets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "checks" ADD CONSTRAINT "checks_target_id_targets_id_fk" FOREIGN KEY ("target_id") REFERENCES "public"."targets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schedule_runs" ADD CONSTRAINT "schedule_runs_schedule_id_schedules_id_fk" FOREIGN KEY ("schedule_id") REFERENCES "public"."schedules"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schedules" ADD CONSTRAINT "schedules_target_id_targets_id_fk" FOREIGN KEY ("target_id") REFERENCES "public"."targets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "check_hours_hour" ON "check_hours" USING btree ("hour");--> statement-breakpoint
CREATE INDEX "checks_newest" ON "checks" USING btree ("target_id","at","id");--> statement-breakpoint
CREATE INDEX "checks_at" ON "checks" USING btree ("at");--> statement-breakpoint
CREATE INDEX "schedule_runs_newest" ON "schedule_runs" USING btree ("schedule_id","started_at","id");--> statement-breakpoint
CREATE INDEX "schedule_runs_running" ON "schedule_runs" USING btree ("result","lease_until");--> statement-breakpoint
CREATE INDEX "schedules_next" ON "schedules" USING btree ("next_at");--> statement-breakpoint
CREATE INDEX "schedules_target" ON "schedules" USING btree ("target_id");