import { isMapping, type Mapping } from '../mapping.js';
import { parseMediaType, writingOf } from './media-type.js';
import { encode, inQuery, isList, styleOf, textOf } from './parameters.js';

/**
 * A form (`application/x-www-form-urlencoded`): each property by its `encoding`. Without one, what is no plain value is written as JSON,
 * which OpenAPI 3.1 says. Null for what is no mapping.
 */
export function formOf(value: unknown, encoding: unknown): string | null {
  if (!isMapping(value)) return null;
  const pairs = Object.entries(value).flatMap(([name, one]) => {
    if (one === null) return [];
    const own = isMapping(encoding) && isMapping(encoding[name]) ? encoding[name] : {};
    return pairsOf(name, one, own);
  });
  return pairs.join('&');
}

function pairsOf(name: string, value: unknown, own: Mapping): string[] {
  const { style, explode, contentType } = own;
  const written = { name, ...styleOf(own, 'query') };
  if (style !== undefined || explode !== undefined) return inQuery({ ...written, value });
  const media = typeof contentType === 'string' ? parseMediaType(contentType.split(',')[0] ?? '') : null;
  if (media !== null && writingOf(media) === 'json') return [`${encode(name)}=${encode(JSON.stringify(value))}`];
  const isNested = isMapping(value) || (Array.isArray(value) && value.some(isList));
  return inQuery({ ...written, value: isNested ? textOf(value) : value });
}
