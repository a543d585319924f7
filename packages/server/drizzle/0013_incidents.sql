CREATE TABLE "incident_events" (
	"id" text PRIMARY KEY NOT NULL,
	"incident_id" text NOT NULL,
	"key" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"type" text NOT NULL,
	"who" text,
	"text" text
);
--> statement-breakpoint
CREATE TABLE "incidents" (
	"id" text PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"rule_id" text,
	"target_id" text,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"flapping" boolean NOT NULL,
	"acknowledged_at" timestamp (3) with time zone,
	"acknowledged_by" text,
	"muted_until" timestamp (3) with time zone,
	"group_id" text,
	"found" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "maintenance" (
	"id" text PRIMARY KEY NOT NULL,
	"target_id" text,
	"from" timestamp (3) with time zone NOT NULL,
	"to" timestamp (3) with time zone NOT NULL,
	"reason" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rules" (
	"id" text PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"target_id" text,
	"rule" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "watches" (
	"key" text PRIMARY KEY NOT NULL,
	"rule_id" text,
	"target_id" text,
	"state" jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "incident_events" ADD CONSTRAINT "incident_events_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incidents" ADD CONSTRAINT "incidents_rule_id_rules_id_fk" FOREIGN KEY ("rule_id") REFERENCES "public"."rules"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incidents" ADD CONSTRAINT "incidents_target_id_targets_id_fk" FOREIGN KEY ("target_id") REFERENCES "public"."targets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "maintenance" ADD CONSTRAINT "maintenance_target_id_targets_id_fk" FOREIGN KEY ("target_id") REFERENCES "public"."targets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rules" ADD CONSTRAINT "rules_target_id_targets_id_fk" FOREIGN KEY ("target_id") REFERENCES "public"."targets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "watches" ADD CONSTRAINT "watches_rule_id_rules_id_fk" FOREIGN KEY ("rule_id") REFERENCES "public"."rules"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "watches" ADD CONSTRAINT "watches_target_id_targets_id_fk" FOREIGN KEY ("target_id") REFERENCES "public"."targets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "incident_events_once" ON "incident_events" USING btree ("incident_id","key");--> statement-breakpoint
CREATE INDEX "incident_events_at" ON "incident_events" USING btree ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "incidents_one_open" ON "incidents" USING btree ("key") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "incidents_newest" ON "incidents" USING btree ("opened_at","id");--> statement-breakpoint
CREATE INDEX "incidents_of" ON "incidents" USING btree ("key","opened_at");--> statement-breakpoint
CREATE INDEX "incidents_target" ON "incidents" USING btree ("target_id","opened_at");--> statement-breakpoint
CREATE INDEX "maintenance_to" ON "maintenance" USING btree ("to");--> statement-breakpoint
INSERT INTO "rules" ("id", "created_at", "target_id", "rule")
SELECT id, now(), null, jsonb_build_object(
  'name', name, 'when', jsonb_build_object('type', 'checks', 'results', jsonb_build_array(result)), 'severity', severity,
  'labels', '{}'::jsonb, 'remindMinutes', null, 'on', true,
  'changedAt', to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
FROM (VALUES ('rul_checks_fail', 'Checks fail', 'fail', 'page'), ('rul_checks_degraded', 'Checks are slow', 'degraded', 'ticket'))
  AS usual (id, name, result, severity);