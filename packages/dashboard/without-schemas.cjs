/** A constant as tsc writes it: up to the `;` before the next line that begins at the left. */
const CONSTANT = /^((?:export )?const (\w+) = )([\s\S]*?);\n(?=[^\s)\]}]|$(?![\s\S]))/gm;
const SCHEMA = /(?<![\w-])(?:z\s*\.|\w+(?:Schema|Query|Params)\b)/;
const ZOD = /^import \{ z \} from 'zod';$/m;
const WORDS = /^import '\.\/issue-words\.js';$/m;

/**
 * For the bundler: the contract without its schemas, the words that they complain in, and zod. The API checks, the pages never do, and a browser
 * would load all of it before it shows anything. test/schemas.test.ts holds that no page uses one.
 */
module.exports = (source) => {
  let rest = source.replace(WORDS, '');
  const left = [];
  for (let known = -1; left.length > known;) {
    known = left.length;
    const made = new RegExp(left.length === 0 ? SCHEMA : `${SCHEMA.source}|(?<![\\w.'-])(?:${left.join('|')})\\s*[.(]`);
    rest = rest.replace(CONSTANT, (whole, begin, name, value) => {
      if (value === 'undefined' || !made.test(value)) return whole;
      left.push(name);
      return `${begin}undefined;\n`;
    });
  }
  return /(?<![\w-])z\s*\./.test(rest) ? rest : rest.replace(ZOD, '');
};
