/** The label of targets, and the field of channels, that files describe. */
export const MANAGED_BY = 'managedBy';
export const FILES = 'files';
