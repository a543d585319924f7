import { Card } from '../../ui/card';

const COMMANDS = `hive fleet init fleet && nats-server -c fleet/nats.conf &
NATS_URL=nats://127.0.0.1:4222 HIVE_FLEET_KEYS=fleet hive up`;

/** How a fleet is made, where there is none. */
export function SetUp() {
  return (
    <Card label="Every session sends from this machine">
      <div className="grid gap-2 text-sm text-pretty">
        <p>
          Other machines can send load too: when one is not enough, or to see how the service feels from another region.
          They connect to a NATS server, and so does Hive. Start Hive like this, and invite them here:
        </p>
        <code className="rounded bg-sunken p-3 font-mono text-xs break-words whitespace-pre-wrap">{COMMANDS}</code>
      </div>
    </Card>
  );
}
