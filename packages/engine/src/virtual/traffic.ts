import { nodeName } from '@hive/contract';
import type { Allowance } from '../allowance.js';
import type { Exchange, LoadOrder } from '../measuring.js';
import type { TickRecorder } from '../metrics/recorder.js';
import type { Events } from './events.js';
import type { PlanEvent, VirtualService } from './service.js';

/** The requests of one run between the load generator and a virtual service. Times in ms since the run's start. */
export interface Traffic {
  /** Who begins a request has taken it from the allowance. */
  begin(request: {
    intendedMs: number;
    atMs: number;
    node: number;
    requestClass: number;
    key: number;
    ended(atMs: number): void;
  }): void;
  underWay(): number;
  mostUnderWay(): number;
  /** `overdue`: what is cut off had its time to be answered. */
  cutOff(nowMs: number, overdue: boolean): void;
}

/** `startedMs`: when the run began, on the service's own time line. */
export function createTraffic(from: {
  order: LoadOrder;
  service: VirtualService;
  startedMs: number;
  recorder: TickRecorder;
  events: Events;
  allowance: Allowance;
}): Traffic {
  const { order, service, startedMs, recorder, events, allowance } = from;
  const { timeoutMs, readHeaders, payloadBytes = 0 } = order;
  const names = order.nodes.map(nodeName);
  const open = new Set<Exchange>();
  let most = 0;
  const plan: PlanEvent = (atMs, happen) => events.plan(atMs - startedMs, happen);
  return {
    begin({ intendedMs, atMs, node, requestClass, key, ended }) {
      const exchange = exchangeOf({ intendedMs, atMs, node, requestClass });
      open.add(exchange);
      most = Math.max(most, open.size);
      recorder.begun(exchange);
      recorder.sent(exchange);
      let isAnswered = false;
      const arrived = {
        atMs: startedMs + atMs,
        node: names[node]!,
        via: order.nodes[node]!.via?.port ?? null,
        sent: order.requests[requestClass]!,
        key,
        bytes: payloadBytes,
      };
      service.serve(
        arrived,
        ({ tookMs, error, cache, servedBy }) => {
          isAnswered = true;
          if (readHeaders?.cache !== undefined) exchange.cache = cache;
          if (readHeaders?.node !== undefined) exchange.servedBy = servedBy;
          if (tookMs >= timeoutMs) return events.plan(atMs + timeoutMs, timeOut);
          events.plan(atMs + tookMs, (endMs) => {
            if (!open.delete(exchange)) return;
            if (error === null) allowance.good();
            else allowance.bad();
            if (error === 'reset' || error === 'refused') recorder.failed(exchange, endMs, error);
            else recorder.answered(exchange, endMs, error);
            ended(endMs);
          });
        },
        plan,
      );
      if (!isAnswered) events.plan(atMs + timeoutMs, timeOut);

      function timeOut(endMs: number): void {
        if (!open.delete(exchange)) return;
        allowance.bad();
        recorder.timedOut(exchange, endMs);
        ended(endMs);
      }
    },
    underWay: () => open.size,
    mostUnderWay: () => most,
    cutOff(nowMs, overdue) {
      for (const exchange of open) {
        if (overdue) allowance.bad();
        else allowance.good();
        recorder.cutOff(exchange, nowMs);
      }
      open.clear();
    },
  };
}

function exchangeOf(from: { intendedMs: number; atMs: number; node: number; requestClass: number }): Exchange {
  const { intendedMs, atMs, node, requestClass } = from;
  return {
    intendedMs,
    node,
    requestClass,
    lateMs: 0,
    startMs: atMs,
    connectedMs: NaN,
    securedMs: NaN,
    firstByteMs: NaN,
    bytesIn: 200,
    bytesOut: 100,
    status: 0,
    detail: null,
    cache: null,
    servedBy: null,
  };
}
