CREATE TABLE "audit" (
	"id" text PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"who" text NOT NULL,
	"name" text NOT NULL,
	"action" text NOT NULL,
	"on_what" text,
	"from_address" text,
	"outcome" text NOT NULL,
	"reason" text
);
--> statement-breakpoint
CREATE INDEX "audit_newest" ON "audit" USING btree ("at","id");--> statement-breakpoint
CREATE INDEX "audit_who" ON "audit" USING btree ("who","at","id");--> statement-breakpoint
CREATE INDEX "audit_action" ON "audit" USING btree ("action","at","id");