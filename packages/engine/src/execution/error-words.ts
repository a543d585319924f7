import { nodeName, type ErrorExample, type Target } from '@hive/contract';
import { errorInWords } from '../checking/causes.js';
import type { LoadOrder, TickExample } from '../measuring.js';
import { createMask } from '../safety/mask.js';
import type { Environment } from '../safety/secrets.js';

/** What is shown of what came, characters. */
const MOST_CHARACTERS = 200;
/** Control characters, and what was no text. */
// eslint-disable-next-line no-control-regex
const UNREADABLE = /[\x00-\x1f\x7f\ufffd]+/g;
/** More than this share of it: it is no text at all. */
const MOSTLY = 0.2;
/** JSON Web Tokens, and what stands behind a scheme: a service may send back what nobody knows here. */
const TOKENS = /\beyJ[\w-]{5,}\.[\w-]+\.?[\w-]*|(?<=\bbearer\s+)[\w.~+/=-]{8,}/gi;

/** Puts what went wrong in a run in words, without what is secret. The most frequent comes first. */
export function errorsInWords(of: {
  order: LoadOrder;
  target: Target;
  environment?: Environment | undefined;
  /** What is secret beside what they name. */
  more?: readonly string[] | undefined;
}): (examples: readonly TickExample[]) => ErrorExample[] {
  const { order, target, environment, more } = of;
  return (examples) => {
    const masks = [createMask(order), createMask(target, environment, more)];
    const mask = (text: string): string =>
      masks.reduce((masked, one) => one(masked), text).replaceAll(TOKENS, '(masked)');
    return examples
      .toSorted((a, b) => b.count - a.count)
      .map((example) => {
        const { kind, code, came, count, requestClass, node } = example;
        const { text, hint } = errorInWords(example);
        return {
          kind,
          code: code === example.inWords || code.includes(' ') ? kind : code,
          text: mask(text),
          ...(hint === null ? {} : { hint }),
          request: order.requests[requestClass]?.name ?? 'default',
          node: nodeName(order.nodes[node] ?? order.nodes[0]!),
          came: came === null ? null : readable(mask(came)),
          count,
        };
      });
  };
}

/** Null: it is no text. */
function readable(text: string): string | null {
  const cut = text.slice(0, MOST_CHARACTERS);
  const odd = cut.match(UNREADABLE)?.reduce((sum, part) => sum + part.replaceAll(/\s/g, '').length, 0) ?? 0;
  if (odd > MOSTLY * cut.length) return null;
  const said = cut.replaceAll(UNREADABLE, ' ').trim();
  return said === '' ? null : text.length > MOST_CHARACTERS ? `${said}…` : said;
}
