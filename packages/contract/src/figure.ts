/**
 * A count or a rate as people read it: three significant digits below 100, whole above, with thousands separated.
 * Not by `toLocaleString`: its first call costs a process some 30 ms.
 */
export function figure(value: number): string {
  const rounded = Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
  return String(rounded).replace(/^-?\d{4,}/, (whole) => whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ','));
}
