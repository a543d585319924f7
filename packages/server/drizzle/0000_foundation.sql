CREATE TABLE "performance_metrics" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "performance_metrics_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"timestamp" timestamp (3) with time zone NOT NULL,
	"metric_type" text NOT NULL,
	"value" double precision NOT NULL,
	"scenario_id" text NOT NULL,
	"metadata" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "targets" (
	"id" text PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"target" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "test_scenarios" (
	"id" text PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"scenario_type" text NOT NULL,
	"difficulty" text NOT NULL,
	"parameters" jsonb NOT NULL,
	"completed" boolean NOT NULL,
	"success_rate" double precision,
	"execution_time" double precision,
	"results" jsonb,
	"target_id" text NOT NULL,
	"session_id" text,
	"description" text NOT NULL,
	"expected_outcomes" jsonb NOT NULL,
	"calibrated" boolean NOT NULL,
	"intensity" double precision NOT NULL,
	"unit" text NOT NULL,
	"verdict" text,
	"validity" jsonb,
	"reason" text,
	"response_time" "bytea",
	"service_time" "bytea"
);
--> statement-breakpoint
CREATE TABLE "training_sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"total_scenarios" integer NOT NULL,
	"successful_scenarios" integer NOT NULL,
	"average_performance" double precision,
	"metrics" jsonb NOT NULL,
	"target_id" text NOT NULL,
	"status" text NOT NULL,
	"kinds" jsonb NOT NULL,
	"budget_seconds" double precision,
	"end_reason" text,
	"limits" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "windows" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "windows_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"scenario_id" text NOT NULL,
	"from_ms" double precision NOT NULL,
	"data" jsonb NOT NULL,
	"response_time" "bytea",
	"service_time" "bytea"
);
--> statement-breakpoint
ALTER TABLE "performance_metrics" ADD CONSTRAINT "performance_metrics_scenario_id_test_scenarios_id_fk" FOREIGN KEY ("scenario_id") REFERENCES "public"."test_scenarios"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "test_scenarios" ADD CONSTRAINT "test_scenarios_target_id_targets_id_fk" FOREIGN KEY ("target_id") REFERENCES "public"."targets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "test_scenarios" ADD CONSTRAINT "test_scenarios_session_id_training_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."training_sessions"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_sessions" ADD CONSTRAINT "training_sessions_target_id_targets_id_fk" FOREIGN KEY ("target_id") REFERENCES "public"."targets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "windows" ADD CONSTRAINT "windows_scenario_id_test_scenarios_id_fk" FOREIGN KEY ("scenario_id") REFERENCES "public"."test_scenarios"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "performance_metrics_newest" ON "performance_metrics" USING btree ("timestamp","id");--> statement-breakpoint
CREATE INDEX "performance_metrics_type" ON "performance_metrics" USING btree ("metric_type","timestamp","id");--> statement-breakpoint
CREATE INDEX "performance_metrics_scenario" ON "performance_metrics" USING btree ("scenario_id","timestamp","id");--> statement-breakpoint
CREATE INDEX "test_scenarios_newest" ON "test_scenarios" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "test_scenarios_target" ON "test_scenarios" USING btree ("target_id","created_at","id");--> statement-breakpoint
CREATE INDEX "test_scenarios_session" ON "test_scenarios" USING btree ("session_id","created_at","id");--> statement-breakpoint
CREATE INDEX "test_scenarios_kind" ON "test_scenarios" USING btree ("scenario_type","created_at","id");--> statement-breakpoint
CREATE INDEX "training_sessions_newest" ON "training_sessions" USING btree ("started_at","id");--> statement-breakpoint
CREATE INDEX "training_sessions_target" ON "training_sessions" USING btree ("target_id","started_at","id");--> statement-breakpoint
CREATE INDEX "training_sessions_running" ON "training_sessions" USING btree ("id") WHERE "training_sessions"."status" = 'running';--> statement-breakpoint
CREATE INDEX "windows_scenario" ON "windows" USING btree ("scenario_id","from_ms","id");