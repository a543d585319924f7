-- Windows and their values are divided by day, so that what is old is dropped and not deleted. The tables of 0.1.0 become the first
-- part as they are: nothing is copied. An instance of 0.1.0 that runs beside goes on writing: day and id have defaults.
CREATE SEQUENCE "public"."performance_metrics_numbers" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE SEQUENCE "public"."windows_numbers" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
ALTER TABLE "performance_metrics" RENAME TO "performance_metrics_first";--> statement-breakpoint
ALTER TABLE "windows" RENAME TO "windows_first";--> statement-breakpoint
SELECT setval('performance_metrics_numbers', coalesce((SELECT max("id") FROM "performance_metrics_first"), 0) + 1, false);--> statement-breakpoint
SELECT setval('windows_numbers', coalesce((SELECT max("id") FROM "windows_first"), 0) + 1, false);--> statement-breakpoint
DROP INDEX "performance_metrics_type";--> statement-breakpoint
DROP INDEX "performance_metrics_newest";--> statement-breakpoint
DROP INDEX "performance_metrics_scenario";--> statement-breakpoint
DROP INDEX "windows_scenario";--> statement-breakpoint
CREATE TABLE "performance_metrics" (
	"day" date DEFAULT (now() at time zone 'utc')::date NOT NULL,
	"id" bigint DEFAULT nextval('performance_metrics_numbers') NOT NULL,
	"timestamp" timestamp (3) with time zone NOT NULL,
	"metric_type" text NOT NULL,
	"value" double precision NOT NULL,
	"scenario_id" text NOT NULL,
	"window_id" bigint,
	"metadata" jsonb NOT NULL,
	CONSTRAINT "performance_metrics_day_id_pk" PRIMARY KEY("day","id")
) PARTITION BY RANGE ("day");--> statement-breakpoint
CREATE TABLE "windows" (
	"day" date DEFAULT (now() at time zone 'utc')::date NOT NULL,
	"id" bigint DEFAULT nextval('windows_numbers') NOT NULL,
	"scenario_id" text NOT NULL,
	"from_ms" double precision NOT NULL,
	"data" jsonb,
	"packed" "bytea",
	"response_time" "bytea",
	"service_time" "bytea",
	CONSTRAINT "windows_day_id_pk" PRIMARY KEY("day","id")
) PARTITION BY RANGE ("day");--> statement-breakpoint
CREATE TABLE "performance_metrics_other" PARTITION OF "performance_metrics" DEFAULT;--> statement-breakpoint
CREATE TABLE "windows_other" PARTITION OF "windows" DEFAULT;--> statement-breakpoint
ALTER TABLE "performance_metrics" ADD CONSTRAINT "performance_metrics_scenario_id_test_scenarios_id_fk" FOREIGN KEY ("scenario_id") REFERENCES "public"."test_scenarios"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "windows" ADD CONSTRAINT "windows_scenario_id_test_scenarios_id_fk" FOREIGN KEY ("scenario_id") REFERENCES "public"."test_scenarios"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "performance_metrics_newest" ON "performance_metrics" USING btree ("timestamp");--> statement-breakpoint
CREATE INDEX "performance_metrics_scenario" ON "performance_metrics" USING btree ("scenario_id","timestamp");--> statement-breakpoint
CREATE INDEX "performance_metrics_watched" ON "performance_metrics" USING btree ("metric_type","timestamp") WHERE "metric_type" in ('target_cpu', 'target_memory');--> statement-breakpoint
CREATE INDEX "windows_scenario" ON "windows" USING btree ("scenario_id","from_ms");--> statement-breakpoint
-- A default that is a constant is kept once, beside the table; a computed one would write every row again.
DO $$
DECLARE
	today date := (now() at time zone 'utc')::date;
	part text;
	used boolean;
BEGIN
	FOREACH part IN ARRAY ARRAY['performance_metrics', 'windows'] LOOP
		EXECUTE format('SELECT EXISTS (SELECT FROM %I)', part || '_first') INTO used;
		IF NOT used THEN
			EXECUTE format('DROP TABLE %I', part || '_first');
			CONTINUE;
		END IF;
		EXECUTE format('ALTER TABLE %I ALTER COLUMN id DROP IDENTITY, DROP CONSTRAINT %I', part || '_first', part || '_pkey');
		EXECUTE format('ALTER TABLE %I ADD COLUMN day date NOT NULL DEFAULT %L', part || '_first', today);
		EXECUTE format(
			'ALTER TABLE %I ALTER COLUMN day SET DEFAULT (now() at time zone ''utc'')::date, ALTER COLUMN id SET DEFAULT nextval(%L)',
			part || '_first', part || '_numbers');
		IF part = 'windows' THEN
			ALTER TABLE windows_first ADD COLUMN packed bytea, ALTER COLUMN data DROP NOT NULL;
		ELSE
			ALTER TABLE performance_metrics_first ADD COLUMN window_id bigint;
		END IF;
		EXECUTE format(
			'ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (MINVALUE) TO (%L)', part, part || '_first', today + 1);
	END LOOP;
END $$;
