import type { Imported } from '../imported.js';
import { isMapping, type Mapping } from '../mapping.js';
import type { ApiDocument } from './document.js';
import { encode } from './parameters.js';
import { variableName } from '../hiding/reference.js';

/** What an operation needs beside its parameters to be let in. */
export interface Credentials {
  headers: Record<string, string>;
  /** Pairs of a query. */
  query: string[];
  secrets: Imported['secrets'];
  /** Schemes that a header cannot serve. */
  unserved: string[];
}

/** The first way in that the operation offers, with `${NAME_TOKEN}` where the secret stands. */
export function credentialsOf(document: ApiDocument, operation: Mapping): Credentials {
  const result: Credentials = { headers: {}, query: [], secrets: [], unserved: [] };
  const offered = operation['security'] ?? document.root['security'];
  const ways = Array.isArray(offered) ? (offered as unknown[]).filter(isMapping) : [];
  const [first] = ways;
  if (first === undefined || ways.some((way) => Object.keys(way).length === 0)) return result;
  const components = document.root['components'];
  const schemes = isMapping(components) ? components['securitySchemes'] : undefined;
  for (const name of Object.keys(first)) {
    const scheme = document.follow(isMapping(schemes) ? schemes[name] : undefined);
    if (isMapping(scheme)) add(result, name, scheme);
    else result.unserved.push(name);
  }
  return result;
}

function add(result: Credentials, schemeName: string, scheme: Mapping): void {
  const variable = `${variableName(schemeName).replace(/_?TOKEN$/, '') || 'API'}_TOKEN`;
  const secret = `\${${variable}}`;
  const serve = (purpose: string): void => {
    result.secrets.push({ name: variable, purpose });
  };
  const { type, scheme: how, in: place, name } = scheme;
  if (type === 'apiKey' && typeof name === 'string') {
    if (place === 'query') result.query.push(`${encode(name)}=${secret}`);
    else if (place === 'cookie') addCookie(result.headers, `${name}=${secret}`);
    else if (/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) result.headers[name.toLowerCase()] = secret;
    else return void result.unserved.push(schemeName);
    return serve(`the key that is sent as ${String(place)} ${name}`);
  }
  if (type === 'http' && typeof how === 'string' && how.toLowerCase() === 'basic') {
    result.headers['authorization'] = `Basic ${secret}`;
    return serve('the base64 of user:password');
  }
  if (type === 'http' && typeof how === 'string' && how.toLowerCase() !== 'bearer') {
    return void result.unserved.push(schemeName);
  }
  if (type === 'http' || type === 'oauth2' || type === 'openIdConnect') {
    result.headers['authorization'] = `Bearer ${secret}`;
    return serve(type === 'http' ? 'the bearer token' : `an access token of ${schemeName}`);
  }
  result.unserved.push(schemeName);
}

/** Cookies share one header. */
export function addCookie(headers: Record<string, string>, pair: string): void {
  headers['cookie'] = headers['cookie'] === undefined ? pair : `${headers['cookie']}; ${pair}`;
}
