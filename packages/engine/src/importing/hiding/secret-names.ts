/** Words that name a secret wherever they stand in a name. */
const SECRET: ReadonlySet<string> = new Set(
  `password passwd passwort pwd passphrase passcode secret token jwt bearer apikey credential authorization signature sig hmac
  sessionid sessid sid phpsessid jsessionid csrf xsrf csrftoken otp totp cvv cvc ssn saml samlresponse samlrequest authkey authtoken
  accesskey secretkey privatekey clientsecret appkey`.split(/\s+/),
);
/** Words that do so as the last: `boarding_pass_count` names none. */
const LAST: ReadonlySet<string> = new Set('pass pin session cookie nonce auth mfa assertion'.split(' '));
/** Words that make a key of what stands after them. */
const OF_KEYS: ReadonlySet<string> = new Set(
  `api access private secret auth app application client license consumer encryption signing shared service account subscription
  function master admin user storage webhook site session host`.split(/\s+/),
);
/** What ends like this says something about a secret, and is none: `token_type`, `session_count`. */
const HARMLESS: ReadonlySet<string> = new Set(
  'type count length size limit expiry expires expired expiration ttl in at url uri endpoint policy required enabled duration name algorithm method format version strategy hint'.split(
    ' ',
  ),
);
const JOINED =
  /(?:password|passwd|passphrase|secret|token|apikey|accesskey|secretkey|privatekey|sessionid|sessid|credentials?|signature|authkey|accesskeyid)$/;

/**
 * True for a name that usually holds a secret, in any notation: `access_token`, `accessToken`, `user[password]`, `user%5Bpassword%5D`,
 * `X-Amz-Signature`, `PHPSESSID`.
 */
export function isSecretName(written: string): boolean {
  const name = decodedFully(written);
  const words = wordsOf(name);
  const last = words.at(-1);
  if (last === undefined || HARMLESS.has(last)) return false;
  if (words.some((word) => SECRET.has(word) || SECRET.has(singular(word)))) return true;
  if (LAST.has(last) || JOINED.test(words.join('')) || words.join('').startsWith('aspsessionid')) return true;
  return words.some((word, index) => index > 0 && singular(word) === 'key' && OF_KEYS.has(words[index - 1] ?? ''));
}

const singular = (word: string): string => word.replace(/s$/, '');

/** `userAPIKey` → user, api, key; `user[password]` → user, password. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

const MOST_LAYERS = 3;

/** Percent-encoding taken back as often as it was done; `+` stays. */
export function decodedFully(text: string): string {
  let found = text;
  for (let layer = 0; layer < MOST_LAYERS && found.includes('%'); layer++) {
    const decoded = decodedOnce(found);
    if (decoded === found) break;
    found = decoded;
  }
  return found;
}

function decodedOnce(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/%([2-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
}
