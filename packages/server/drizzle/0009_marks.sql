CREATE TABLE "marks" (
	"id" text PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"target_id" text,
	"text" text NOT NULL,
	"url" text,
	"labels" jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "marks" ADD CONSTRAINT "marks_target_id_targets_id_fk" FOREIGN KEY ("target_id") REFERENCES "public"."targets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "marks_newest" ON "marks" USING btree ("at","id");--> statement-breakpoint
CREATE INDEX "marks_target" ON "marks" USING btree ("target_id","at","id");