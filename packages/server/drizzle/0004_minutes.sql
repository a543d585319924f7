CREATE TABLE "rollups" (
	"scenario_id" text NOT NULL,
	"minute" integer NOT NULL,
	"day" date NOT NULL,
	"counts" "bytea" NOT NULL,
	"response_time" "bytea",
	"service_time" "bytea",
	CONSTRAINT "rollups_scenario_id_minute_pk" PRIMARY KEY("scenario_id","minute")
);
--> statement-breakpoint
CREATE TABLE "storage_settings" (
	"name" text PRIMARY KEY NOT NULL,
	"keep_days" integer
);
--> statement-breakpoint
ALTER TABLE "rollups" ADD CONSTRAINT "rollups_scenario_id_test_scenarios_id_fk" FOREIGN KEY ("scenario_id") REFERENCES "public"."test_scenarios"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "rollups_day" ON "rollups" USING btree ("day");