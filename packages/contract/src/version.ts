/** The version of this Hive, as package.json has it. */
export const HIVE_VERSION = '0.1.0';
