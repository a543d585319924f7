import { isMapping, type Mapping } from '../mapping.js';
import type { ApiDocument } from './document.js';
import type { Examples } from './schemas/examples.js';
import { formOf } from './form.js';
import { EASE, parseMediaType, writingOf, type MediaType, type Writing } from './media-type.js';
import { BOUNDARY, multipartOf } from './multipart.js';
import { textOf } from './parameters.js';
import { writtenExamples } from './written.js';
import { xmlOf } from './xml.js';

/** A body and its media type, with what a person should know about it; a reason when none could be made. */
export type Body =
  | { type: 'none' }
  | { type: 'body'; mediaType: string; text: string; marks: string[] }
  | { type: 'impossible'; why: string };

interface With {
  document: ApiDocument;
  examples: Examples;
}

interface Offer {
  written: string;
  media: MediaType;
  writing: Writing;
  holder: Mapping;
}

/** Whether an operation asks for a body: it must have one, it may, or it has none. */
export function bodyNeed({ requestBody }: Mapping, { follow }: ApiDocument): 'required' | 'optional' | 'none' {
  const found = follow(requestBody);
  if (requestBody === undefined || requestBody === null) return 'none';
  return isMapping(found) && found['required'] !== true ? 'optional' : 'required';
}

/** The body of an operation, in the media type that is written most easily and for which one is found. */
export function bodyOf(operation: Mapping, with_: With): Body {
  const { document } = with_;
  const need = bodyNeed(operation, document);
  if (need === 'none') return { type: 'none' };
  const broken = document.brokenReference(operation['requestBody']);
  const requestBody = document.follow(operation['requestBody']);
  if (broken !== null || !isMapping(requestBody))
    return { type: 'impossible', why: broken ?? 'its requestBody is no mapping' };
  const content = document.follow(requestBody['content']);
  const types = isMapping(content) ? Object.keys(content) : [];
  const offers = isMapping(content) ? offersOf(content, document) : [];
  let why = `Hive cannot write a body as ${types.join(', ') || 'its media type'}`;
  for (const [index, offer] of offers.entries()) {
    const made = write(offer, with_);
    if ('text' in made)
      return { type: 'body', mediaType: made.mediaType ?? concrete(offer), text: made.text, marks: made.marks };
    if (index === 0 && made.none !== null) why = `${offer.written} body: ${made.none}`;
  }
  return need === 'optional' ? { type: 'none' } : { type: 'impossible', why };
}

function offersOf(content: Mapping, { follow }: ApiDocument): Offer[] {
  const offers = Object.entries(content).flatMap(([written, one]): Offer[] => {
    const media = parseMediaType(written);
    const holder = follow(one);
    if (media === null) return [];
    return [{ written, media, writing: writingOf(media), holder: isMapping(holder) ? holder : {} }];
  });
  return offers.toSorted((a, b) => easeOf(a) - easeOf(b));
}

const easeOf = ({ media, writing }: Offer): number =>
  EASE.indexOf(writing) + (media.essence === 'application/json' || writing !== 'json' ? 0 : 0.5);

function concrete({ media, writing, written }: Offer): string {
  if (writing === 'any') return 'application/json';
  if (media.subtype === '*') return media.type === 'text' ? 'text/plain' : 'application/octet-stream';
  return writing === 'multipart' ? `${media.essence}; boundary=${BOUNDARY}` : written.trim();
}

type Made = { text: string; marks: string[]; mediaType?: string } | { none: string | null };

/** A text that stands as an example of these is the body itself. */
const OF_TEXT: ReadonlySet<Writing> = new Set(['text', 'lines', 'form', 'xml']);

/** A multipart body that somebody wrote with its lines, under the boundary that its media type says. */
function isWhole(text: string, { type, parameters }: MediaType): boolean {
  const boundary = /boundary="?([^";\s]+)/i.exec(parameters)?.[1];
  return type === 'multipart' && boundary !== undefined && text.startsWith(`--${boundary}`);
}

function write(offer: Offer, with_: With): Made {
  const { writing, holder, media } = offer;
  const { document, examples } = with_;
  const written = writtenExamples(holder, document);
  const text = written.find((one) => typeof one === 'string');
  const asWritten = typeof text === 'string' ? { text, marks: [] } : null;
  if (writing === 'other') return asWritten ?? { none: null };
  if (writing === 'bytes') return asWritten ?? { text: 'hive', marks: [] };
  if (asWritten !== null && OF_TEXT.has(writing)) return asWritten;
  if (asWritten !== null && isWhole(asWritten.text, media)) return { ...asWritten, mediaType: offer.written.trim() };
  const parsed = writing === 'json' || writing === 'any' ? written.flatMap(withParsed) : written;
  const schema = holder['schema'] ?? linesSchema(holder);
  const found = examples.valueFor(schema, parsed);
  if ('none' in found) return { none: found.none };
  const { value, marks } = found;
  if (writing === 'xml') {
    const xml = xmlOf(value, { schema, document });
    return 'none' in xml ? xml : { ...xml, marks };
  }
  const made = textFor({ writing, media, value, holder }, document);
  return made === null ? { none: 'its schema is no object with fields' } : { text: made, marks };
}

/** A text of JSON stands for what it says; where the schema asks for a text, it is one. */
function withParsed(one: unknown): unknown[] {
  if (typeof one !== 'string' || !/^\s*[[{]/.test(one)) return [one];
  try {
    return [JSON.parse(one), one];
  } catch {
    return [one];
  }
}

const linesSchema = ({ itemSchema }: Mapping): unknown =>
  itemSchema === undefined ? undefined : { type: 'array', items: itemSchema, minItems: 2, maxItems: 2 };

function textFor(
  { writing, media, value, holder }: Pick<Offer, 'writing' | 'media' | 'holder'> & { value: unknown },
  document: ApiDocument,
): string | null {
  const { schema, encoding } = holder;
  if (writing === 'text') return textOf(value);
  if (writing === 'form') return formOf(value, encoding);
  if (writing === 'multipart')
    return multipartOf(value, { schema, encoding, document, isForm: media.subtype === 'form-data' });
  if (writing !== 'lines') return JSON.stringify(value);
  const before = media.subtype.endsWith('json-seq') ? '\u001e' : '';
  const items: unknown[] = Array.isArray(value) ? value : [value];
  return items.map((one) => `${before}${JSON.stringify(one)}\n`).join('');
}
