-- Who may measure with which load generator. It holds one row for each generator that is in use.
CREATE TABLE "leases" (
	"generator" text PRIMARY KEY NOT NULL,
	"holder" text NOT NULL,
	"session_id" text NOT NULL,
	"until" timestamp (3) with time zone NOT NULL
);
