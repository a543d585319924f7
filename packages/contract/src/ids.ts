/** Id of a training session. */
export function newTrainingId(): string {
  return `ses_${crypto.randomUUID()}`;
}

/** Id of a session that executes one given scenario, or one plain run. */
export function newExecutionId(): string {
  return `exe_${crypto.randomUUID()}`;
}

/** Whether a session executed one given scenario instead of searching for a limit. */
export function isExecution(sessionId: string): boolean {
  return sessionId.startsWith('exe_');
}
