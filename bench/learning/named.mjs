/** Services by name: those that are named, and `#17` for the seventeenth that is drawn, `periodic 3` for the third of a family. */
import { familyService, isOfFamily } from './families.mjs';
import { generatedService } from './generated.mjs';
import { SERVICES } from './services.mjs';

export function serviceOf(name) {
  if (isOfFamily(name)) return familyService(name);
  return name.startsWith('#') ? generatedService(Number(name.slice(1))) : SERVICES[name];
}

/** Names that contain one of `only`, which are parted by semicolons, or the numbers of a range such as 1-120, of a `family` where one is named; `regular`: those alone. */
export function namesOf({ only, generated, family, regular = false }) {
  if (family !== undefined) return numbersOf(generated ?? '1-8').map((number) => `${family} ${number}`);
  if (generated === undefined)
    return Object.keys(SERVICES)
      .filter((name) => !only || only.split(';').some((part) => name.includes(part)))
      .filter((name) => !regular || SERVICES[name].regular);
  return numbersOf(generated).map((number) => `#${number}`);
}

function numbersOf(range) {
  const [first, last = first] = range.split('-').map(Number);
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
