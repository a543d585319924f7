import { Http1Cutter } from '../http1.js';
import { toxic, type Outlet, type Toxic } from '../toxic.js';

/** A head arrives in this many pieces at most. */
const PIECES = 20;

/** Spreads the head of each HTTP/1 message over `delay` ms, byte by byte as slow peers do; bodies pass at full speed after it. */
export const httpSlowHeaders: Toxic = toxic({
  type: 'http_slow_headers',
  attributes: { delay: 0 },
  create:
    ({ delay }) =>
    (outlet) => {
      const cutter = { upstream: new Http1Cutter('request'), downstream: new Http1Cutter('response') }[outlet.stream];
      return {
        data(chunk, arrivedMs) {
          for (const part of cutter.cut(chunk)) {
            if (part.type === 'head') spread(part.bytes, { outlet, fromMs: arrivedMs, delay });
            else outlet.push(part.bytes);
          }
        },
        end() {
          outlet.push(cutter.takeKept());
          outlet.end();
        },
        flush: () => outlet.push(cutter.takeKept()),
      };
    },
});

/** The first piece leaves at once, the last one after the whole delay. */
function spread(head: Buffer, plan: { outlet: Outlet; fromMs: number; delay: number }): void {
  const size = Math.ceil(head.length / PIECES);
  const steps = Math.ceil(head.length / size) - 1;
  for (let step = 0; step <= steps; step++) {
    const piece = head.subarray(step * size, (step + 1) * size);
    plan.outlet.push(piece, plan.fromMs + (steps === 0 ? plan.delay : (plan.delay * step) / steps));
  }
}
