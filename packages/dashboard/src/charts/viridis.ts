/** Anchors of viridis (van der Walt and Smith, 2015), dark to light. */
const ANCHORS = ['#440154', '#414487', '#2a788e', '#22a884', '#7ad151', '#fde725'].map((hex) =>
  [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)),
);

/** The color of a share 0–1. */
export function viridis(share: number): string {
  const place = Math.min(1, Math.max(0, share)) * (ANCHORS.length - 1);
  const low = Math.min(ANCHORS.length - 2, Math.floor(place));
  const [from, to] = [ANCHORS[low] ?? [], ANCHORS[low + 1] ?? []];
  return `rgb(${from.map((value, part) => Math.round(value + ((to[part] ?? value) - value) * (place - low))).join(' ')})`;
}
