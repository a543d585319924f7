/** Coordinates of an axis: differences in them are what the learner calls "far apart". */
export type Scale = 'ln' | 'logit';

/** ln for rates, bytes, connections, keys and milliseconds; logit for shares. */
export function toCoordinate(scale: Scale, intensity: number): number {
  return scale === 'ln' ? Math.log(intensity) : logit(intensity);
}

/** The intensity at a coordinate. */
export function fromCoordinate(scale: Scale, coordinate: number): number {
  return scale === 'ln' ? Math.exp(coordinate) : logistic(coordinate);
}

/** ln(p ÷ (1 − p)), kept finite. */
export function logit(p: number): number {
  const inside = Math.min(Math.max(p, 1e-9), 1 - 1e-9);
  return Math.log(inside / (1 - inside));
}

/** The inverse of logit. */
function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** Φ, the standard normal distribution function; error below 2·10⁻⁴ (Bowling et al. 2009, a logistic of a cubic). */
export function normalBelow(z: number): number {
  return logistic(z * (1.5976 + 0.070565 * z * z));
}
