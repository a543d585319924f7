import { decodedFully, isSecretName, wordsOf } from './secret-names.js';

/** How well-known tokens begin, anywhere in a text. */
const KNOWN = new RegExp(
  [
    'eyJ[\\w-]{6,}\\.[\\w-]{4,}(?:\\.[\\w-]*)*', // JSON Web Tokens
    'v[1-4]\\.(?:local|public)\\.[\\w-]{16,}', // PASETO
    '(?:AKIA|ASIA|AROA|AIDA)[0-9A-Z]{12,}', // AWS
    'AIza[\\w-]{20,}', // Google
    'ya29\\.[\\w-]{10,}',
    '1//0[\\w-]{20,}',
    'gh[pousr]_\\w{16,}', // GitHub
    'github_pat_\\w{16,}',
    'gl[a-z]{2,4}-[\\w-]{16,}', // GitLab, Grafana
    'gls[ac]_\\w{16,}',
    '(?:sk|pk|rk)_(?:live|test)_\\w{8,}', // Stripe
    'whsec_[\\w+/=]{12,}',
    'sk-[\\w-]{16,}', // OpenAI, Anthropic
    'xox[a-z]-[\\w-]{8,}', // Slack
    'xapp-[\\w-]{8,}',
    'SG\\.[\\w-]{12,}\\.[\\w-]{12,}', // SendGrid
    '(?:AC|SK)[0-9a-f]{32}', // Twilio
    'key-[0-9a-f]{32}',
    'npm_\\w{20,}',
    'pypi-[\\w-]{16,}',
    'do[opr]_v1_\\w{16,}', // DigitalOcean
    'shp(?:at|ss|ca|pa)_\\w{16,}', // Shopify
    'hf_\\w{16,}',
    'hv[sb]\\.[\\w-]{16,}', // Vault
    'sq0[a-z]{3}-[\\w-]{16,}', // Square
    'EAA[A-Za-z0-9]{30,}', // Facebook
    'ATATT[\\w-]{20,}', // Atlassian
    'dapi[0-9a-f]{32}',
    '\\d{8,10}:[\\w-]{35}', // Telegram
    'ST-\\d+-[\\w-]{16,}', // CAS
    '(?:bearer|basic)[ +][\\w.~+/=-]{8,}',
  ].join('|'),
  'i',
);
/** Those that letter case tells from words. */
const EXACT = /(?:^|[^A-Za-z0-9])(?:AKIA|ASIA|AIza|ya29|EAA|SG|AC|SK|ATATT|eyJ|SK-)/;
const CASELESS_STARTS = /^(?:akia|asia|aroa|aida|aiza|eaa|ac|sk[0-9a-f]|eyj|atatt|sg\.)/i;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const WITH_PASSWORD = /[a-z][a-z0-9+.-]*:\/\/[^/?#\s:@]*:[^/?#\s@]+@/i;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Names whose values are sums of contents or the like: random by nature, and public. */
const SUMS: ReadonlySet<string> = new Set(
  'v ver version rev revision build hash h etag checksum sha sha1 sha256 sha512 md5 digest integrity commit fingerprint sum cursor'.split(
    ' ',
  ),
);

const IDS: ReadonlySet<string> = new Set(['id', 'ids', 'uuid', 'guid', 'ref', 'number']);

/** Random texts this long are secrets; longer ones are files. */
const SHORTEST_RANDOM = 20;
const LONGEST_RANDOM = 1_024;
const SHORTEST_HEX = 32;

/** A well-known kind of token, a private key or an address with a password stands in the text. */
export function hasKnownSecret(text: string): boolean {
  const found = KNOWN.exec(text);
  if (found && (!CASELESS_STARTS.test(found[0]) || EXACT.test(found[0]))) return true;
  return PRIVATE_KEY.test(text) || WITH_PASSWORD.test(text);
}

/** True for a value that looks like a secret whatever its name; of a named value the name is asked for excuses. */
export function looksSecret(written: string, name = ''): boolean {
  const text = decodedFully(written);
  if (hasKnownSecret(text) || isCardNumber(text, name)) return true;
  const last = wordsOf(decodedFully(name)).at(-1) ?? '';
  if (SUMS.has(last) || (IDS.has(last) && /^[0-9a-f]{1,40}$/i.test(text))) return false;
  return isRandom(text);
}

/** The number of a payment card (ISO/IEC 7812, with Luhn's check digit), under a name that says so: other ids may look like one. */
export function isCardNumber(written: string, name: string): boolean {
  const text = decodedFully(written).replace(/[ +-]/g, '');
  if (!/^[2-6]\d{12,18}$/.test(text) || !wordsOf(decodedFully(name)).some((word) => OF_CARDS.test(word))) return false;
  const sum = Array.from(text)
    .toReversed()
    .reduce((all, digit, index) => {
      const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
      return all + (value > 9 ? value - 9 : value);
    }, 0);
  return sum % 10 === 0;
}
const OF_CARDS = /^(?:card|cardnumber|creditcard|cc|ccnumber|pan)$/;

/** True where a value carries named secrets of its own: a nested query, a JSON text. */
export function carriesSecret(written: string): boolean {
  const text = decodedFully(written);
  for (const [, name = '', value = ''] of text.matchAll(/([\w.[\]-]{1,80})["']?\s*[=:]\s*["']?([^&;?,"'\s}]+)/g)) {
    if (value !== '' && isSecretName(name)) return true;
  }
  return false;
}

/** Long, and without the pattern of words, numbers and dates. */
export function isRandom(text: string): boolean {
  if (text.length < SHORTEST_RANDOM || text.length > LONGEST_RANDOM || UUID.test(text)) return false;
  if (/^[0-9a-f]+$/i.test(text)) return text.length >= SHORTEST_HEX && /\d/.test(text) && /[a-f]/i.test(text);
  if (!/^[\w+/=.~-]+$/.test(text)) return false;
  // Words and numbers between separators are a slug, a path or a version.
  const pieces = text.split(/[-_./~+=]/).filter((piece) => piece !== '');
  const odd = pieces.filter((piece) => piece.length >= 10 && isMixed(piece));
  if (odd.length > 0) return bitsPerCharacter(text) >= 3.2;
  const joined = pieces.join('');
  return joined.length >= 24 && changesIn(joined) >= 0.3 * joined.length && bitsPerCharacter(text) >= 4.2;
}

/** Digits among letters, with more changes between them than a word with a number has. */
function isMixed(piece: string): boolean {
  return /\d/.test(piece) && /[A-Za-z]/.test(piece) && changesIn(piece) >= 3;
}

/** How often small letters, capitals and digits follow one another. */
const changesIn = (text: string): number => [...text.matchAll(/[a-z](?=[A-Z\d])|[A-Z](?=\d)|\d(?=[A-Za-z])/g)].length;

/** Shannon's entropy of the characters. */
function bitsPerCharacter(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const times of counts.values()) bits -= (times / text.length) * Math.log2(times / text.length);
  return bits;
}
