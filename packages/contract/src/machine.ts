import { z } from 'zod';

/** How the machine of the load generator stands: who else uses it, and whether anything can be measured. */
export const machineStateSchema = z.object({
  /** Something other than Hive and the target leaves too little: what fails now says nothing of the target. */
  busy: z.boolean(),
  /** The session waits for it to be quiet again; it goes on after some seconds in any case, or at once by `runAnyway`. */
  waiting: z.boolean(),
  /** Who, in a sentence for people. */
  text: z.string(),
  cores: z.int().positive(),
  /** CPU in use, in cores. The target's is 0 where it runs elsewhere. */
  othersCores: z.number().nonnegative(),
  hiveCores: z.number().nonnegative(),
  targetCores: z.number().nonnegative(),
  /** Share of CPU time that a hypervisor gave to others, and of the time in which a container's CPU limit held Hive back. */
  stealShare: z.number().min(0).max(1),
  throttledShare: z.number().min(0).max(1),
  /** The heaviest of the others by name, in cores. */
  processes: z.array(z.object({ name: z.string(), cores: z.number().nonnegative() })),
});
export type MachineState = z.infer<typeof machineStateSchema>;
