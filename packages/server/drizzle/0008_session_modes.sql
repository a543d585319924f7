ALTER TABLE "training_sessions" ADD COLUMN "mode" text;--> statement-breakpoint
ALTER TABLE "training_sessions" ADD COLUMN "labels" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "training_sessions" ADD COLUMN "question" jsonb;--> statement-breakpoint
ALTER TABLE "training_sessions" ADD COLUMN "answer" text;