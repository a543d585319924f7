ALTER TABLE "training_sessions" ADD COLUMN "precision" double precision;--> statement-breakpoint
ALTER TABLE "training_sessions" ADD COLUMN "hold_seconds" double precision;--> statement-breakpoint
ALTER TABLE "training_sessions" ADD COLUMN "runtime_seconds" double precision;--> statement-breakpoint
ALTER TABLE "training_sessions" ADD COLUMN "end_code" text;