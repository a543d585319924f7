import { z } from 'zod';
import { fleetSchema } from './fleet.js';
import { incidentSchema } from './incident.js';
import { lessonSchema, limitSchema } from './limit.js';
import { machineStateSchema } from './machine.js';
import { scenarioRowSchema } from './scenario.js';
import { sessionRowSchema, trainingStatusSchema } from './session.js';
import { serviceCheckSchema } from './service-check.js';
import { windowSchema } from './window.js';

const message = <Type extends string, Data extends z.ZodType>(type: Type, data: Data) =>
  z.object({ v: z.literal(1), seq: z.int().nonnegative(), at: z.iso.datetime(), type: z.literal(type), data });

/** Every message of the live feed. `seq` grows by one per message; `hello` carries the newest seq at the time. */
export const liveMessageSchema = z.discriminatedUnion('type', [
  message('hello', z.object({ version: z.string(), status: trainingStatusSchema })),
  message('window', windowSchema),
  /** A window of about a second as it is stored: it takes the place of the live ones before it, and a reload shows the same. */
  message('window_kept', windowSchema),
  message('session_started', z.object({ session: sessionRowSchema })),
  /** Sent when the engine has chosen its next scenario: `next_reason` says why. */
  message('session_updated', z.object({ status: trainingStatusSchema })),
  message('session_completed', z.object({ session: sessionRowSchema })),
  message('scenario_started', z.object({ session_id: z.string(), scenario: scenarioRowSchema, reason: z.string() })),
  message('scenario_completed', z.object({ session_id: z.string(), scenario: scenarioRowSchema })),
  /** `lesson` is absent where the session was measured by another process. */
  message(
    'limit_updated',
    z.object({
      session_id: z.string(),
      target_id: z.string(),
      limit: limitSchema,
      lesson: lessonSchema.optional(),
    }),
  ),
  message(
    'alert',
    z.object({
      severity: z.enum(['info', 'warning', 'critical']),
      text: z.string(),
      session_id: z.string().nullable(),
      target_id: z.string().nullable(),
    }),
  ),
  /** Others left the load generator's machine too little, or it is quiet again; while it is not, again every few seconds. */
  message('machine', z.object({ session_id: z.string(), target_id: z.string(), machine: machineStateSchema })),
  message('check_completed', serviceCheckSchema),
  /** A load generator on another machine came, left, or is in another state. */
  message('fleet_updated', fleetSchema),
  /** An incident was opened, changed or closed. */
  message('incident_changed', incidentSchema),
  /** Messages `from`…`to` (seq, inclusive) are no longer held, or were dropped for a slow reader: reload by HTTP. */
  message('gap', z.object({ from: z.int(), to: z.int() })),
]);
export type LiveMessage = z.infer<typeof liveMessageSchema>;
export type LiveMessageType = LiveMessage['type'];
/** The data of one type of message. */
export type LiveData<Type extends LiveMessageType> = Extract<LiveMessage, { type: Type }>['data'];
