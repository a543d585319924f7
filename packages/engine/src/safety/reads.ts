import type { RequestClass } from '@hive/contract';

/** GET, HEAD and OPTIONS change nothing (RFC 9110, 9.2.1). */
export function isRead({ method }: Pick<RequestClass, 'method'>): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}
