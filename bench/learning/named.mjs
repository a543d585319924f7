/** Services by name: those that are named, and `#17` for the seventeenth that is drawn. */
import { generatedService } from './generated.mjs';
import { SERVICES } from './services.mjs';

export function serviceOf(name) {
  return name.startsWith('#') ? generatedService(Number(name.slice(1))) : SERVICES[name];
}

/** Names that contain `only`, or the numbers of a range such as 1-120. */
export function namesOf({ only, generated }) {
  if (generated === undefined) return Object.keys(SERVICES).filter((name) => !only || name.includes(only));
  const [first, last = first] = generated.split('-').map(Number);
  return Array.from({ length: last - first + 1 }, (_, i) => `#${first + i}`);
}
