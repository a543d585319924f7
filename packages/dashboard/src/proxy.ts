import { refuseHost } from '@hive/contract';
import { NextResponse, type NextRequest } from 'next/server';
import { readConfig } from './config';

/** Runs before everything the dashboard answers: its page shows what the API knows, so it is for the same hosts. */
export function proxy(request: NextRequest): Response {
  const refusal = refuseHost(request.headers.get('host'), readConfig().allowHosts);
  if (refusal === null) return NextResponse.next();
  return new Response(`${refusal.message}\n${refusal.hint}\n`, {
    status: refusal.status,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  });
}
