ALTER TABLE "training_sessions" ADD COLUMN "max_rate_per_second" double precision;--> statement-breakpoint
ALTER TABLE "training_sessions" ADD COLUMN "max_connections" integer;--> statement-breakpoint
ALTER TABLE "training_sessions" ADD COLUMN "paused_seconds" double precision DEFAULT 0 NOT NULL;