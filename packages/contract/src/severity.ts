/** `page`: somebody must look now. `ticket`: somebody must look on a working day. */
export const SEVERITIES = ['page', 'ticket'] as const;
export type Severity = (typeof SEVERITIES)[number];
