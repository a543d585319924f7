import { anyJson } from './json.js';
import type { LogFormat } from './format.js';

/** `key=value` pairs: Heroku's router, and services that log so. */
export const logfmt: LogFormat = {
  name: 'logfmt',
  reader() {
    const read = anyJson.reader();
    return ({ text }) => {
      if (!/\bmethod=/i.test(text)) return null;
      const pairs = [...text.matchAll(/([\w.-]+)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g)];
      const values = pairs.map(([, key = '', quoted, plain]): [string, string] => [key, quoted ?? plain ?? '']);
      return read({ text, json: Object.fromEntries(values) });
    };
  },
};
