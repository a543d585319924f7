/** Services by name: those that are named, and `#17` for the seventeenth that is drawn. */
import { generatedService } from './generated.mjs';
import { SERVICES } from './services.mjs';

export function serviceOf(name) {
  return name.startsWith('#') ? generatedService(Number(name.slice(1))) : SERVICES[name];
}

/** Names that contain one of `only`, which are parted by semicolons, or the numbers of a range such as 1-120; `regular`: those alone. */
export function namesOf({ only, generated, regular = false }) {
  if (generated === undefined)
    return Object.keys(SERVICES)
      .filter((name) => !only || only.split(';').some((part) => name.includes(part)))
      .filter((name) => !regular || SERVICES[name].regular);
  const [first, last = first] = generated.split('-').map(Number);
  return Array.from({ length: last - first + 1 }, (_, i) => `#${first + i}`);
}
