/** Texts of formats that a validator checks and the maker of examples does not know. */
const TEXTS: Readonly<Record<string, string>> = {
  byte: 'aGl2ZQ==',
  url: 'https://example.com/hive',
  'uri-template': 'https://example.com/{id}',
  iri: 'https://example.com/hive',
  'iri-reference': '/hive',
  'uri-reference': '/hive',
  'json-pointer': '/hive',
  'json-pointer-uri-fragment': '#/hive',
  'relative-json-pointer': '0',
  regex: '^hive$',
  duration: 'P1D',
  time: '12:00:00Z',
  'iso-time': '12:00:00Z',
  'iso-date-time': '2025-01-01T12:00:00Z',
  hostname: 'example.com',
  'idn-hostname': 'example.com',
  'idn-email': 'hive@example.com',
};

/** As the maker of examples wants them. */
export const FORMATS: Record<string, () => string> = Object.fromEntries(
  Object.entries(TEXTS).map(([name, text]) => [name, () => text]),
);
