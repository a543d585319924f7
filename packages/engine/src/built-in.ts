import type * as crypto from 'node:crypto';
import type * as nodeHttps from 'node:https';
import type * as nodeTls from 'node:tls';

/*
 * Modules of Node that take milliseconds of processor time to load, in each thread that does: they are loaded when they are first used. A
 * plain request over http:// needs none of them.
 */
export const cryptography = (): typeof crypto => process.getBuiltinModule('node:crypto');
export const tls = (): typeof nodeTls => process.getBuiltinModule('node:tls');
export const https = (): typeof nodeHttps => process.getBuiltinModule('node:https');
