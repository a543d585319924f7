import { isMapping, type Mapping } from '../mapping.js';
import type { ApiDocument } from './document.js';
import { isList } from './parameters.js';
import { together } from './schema-parts.js';

/** How a value is written, as its schema says (OpenAPI, XML Object). */
interface Style {
  name?: string;
  prefix?: string;
  namespace?: string;
  kind: 'element' | 'attribute' | 'text';
  /** A list has an element of its own around its items. */
  wrapped: boolean;
}

/** A value with its schema, and where it stands. */
interface Node {
  value: unknown;
  schema: unknown;
  /** What it is called where its schema says nothing. */
  name: string;
  /** Namespaces that are declared here already, by prefix. */
  declared: ReadonlyMap<string, string>;
  depth: number;
}

const DEEPEST = 50;
const NAME = /^[\p{L}_][\p{L}\p{N}_.-]*(?::[\p{L}_][\p{L}\p{N}_.-]*)?$/u;

class Unwritable extends Error {}

/**
 * A body of XML, by the `xml` of its schemas: names, attributes, namespaces, and elements around lists. The root is called as its schema says, or
 * as the schema is called that it names. Children stand in the order of the schema. `none`: why there is none.
 */
export function xmlOf(
  value: unknown,
  { schema, document }: { schema: unknown; document: Pick<ApiDocument, 'follow'> },
): { text: string } | { none: string } {
  const { name = namedBy(schema) } = styleOf(schema, document);
  if (name === null) return { none: 'its schema does not name the root element: add xml.name' };
  try {
    const root = { value, schema, name, declared: new Map<string, string>(), depth: 0 };
    const style = { ...styleOf(schema, document), wrapped: true };
    return { text: `<?xml version="1.0" encoding="UTF-8"?>\n${elements(root, style, document)}` };
  } catch (error) {
    if (error instanceof Unwritable) return { none: error.message };
    throw error;
  }
}

/** A value as its elements: one, or those of a list. */
function elements(node: Node, style: Style, document: Pick<ApiDocument, 'follow'>): string {
  const { value, schema, name, depth } = node;
  if (depth > DEEPEST) throw new Unwritable(`its value is nested more than ${DEEPEST} deep`);
  if (value === undefined || value === null) return '';
  if (!Array.isArray(value)) return element(node, style, (within) => contentOf(within, document));
  const { items } = together(schema, document);
  const own = styleOf(items, document);
  // Of items that nobody names, each is called as the list is.
  const called = own.name ?? (depth === 0 ? (namedBy(items) ?? name) : name);
  const all = ({ declared }: Node): Content => {
    const each = (one: unknown): string =>
      elements({ value: one, schema: items, name: called, declared, depth: depth + 1 }, own, document);
    return { attributes: '', inner: (value as unknown[]).map(each).join('') };
  };
  return style.wrapped ? element(node, style, all) : all(node).inner;
}

interface Content {
  attributes: string;
  inner: string;
}

/** What `contentOf` makes, in an element; namespaces that it declares hold in it. */
function element(node: Node, { name = node.name, ...style }: Style, content: (within: Node) => Content): string {
  const { qualified, declaration, declared } = qualify(name, style, node.declared);
  const { attributes, inner } = content({ ...node, declared });
  const start = `<${qualified}${declaration}${attributes}`;
  return inner === '' ? `${start}/>` : `${start}>${inner}</${qualified}>`;
}

function contentOf({ value, schema, declared, depth }: Node, document: Pick<ApiDocument, 'follow'>): Content {
  if (!isMapping(value)) return { attributes: '', inner: escapedText(plain(value)) };
  const { properties } = together(schema, document);
  const known = isMapping(properties) ? properties : {};
  const names = [...Object.keys(known), ...Object.keys(value)].filter((name) => Object.hasOwn(value, name));
  let attributes = '';
  let inner = '';
  let inScope = declared;
  for (const name of new Set(names)) {
    const one = value[name];
    const of = Object.hasOwn(known, name) ? known[name] : undefined;
    const style = styleOf(of, document);
    if (one === null || one === undefined) continue;
    if (style.kind === 'text' && !isList(one)) inner += escapedText(plain(one));
    else if (style.kind === 'attribute' && !isList(one)) {
      // The default namespace is none of an attribute's.
      const { prefix, namespace } = style.prefix === undefined ? {} : style;
      if (namespace !== undefined && (inScope.get(prefix ?? '') ?? namespace) !== namespace)
        throw new Unwritable(`its prefix ${prefix} stands for two namespaces`);
      const { qualified, declaration, declared: now } = qualify(style.name ?? name, { prefix, namespace }, inScope);
      inScope = now;
      attributes += `${declaration} ${qualified}="${escapedAttribute(plain(one))}"`;
    } else inner += elements({ value: one, schema: of, name, declared: inScope, depth: depth + 1 }, style, document);
  }
  return { attributes, inner };
}

/** A name with its prefix, and the declaration of its namespace where none holds. */
function qualify(
  name: string,
  { prefix = '', namespace }: { prefix?: string | undefined; namespace?: string | undefined },
  declared: ReadonlyMap<string, string>,
): { qualified: string; declaration: string; declared: ReadonlyMap<string, string> } {
  for (const one of prefix === '' ? [name] : [name, prefix])
    if (!NAME.test(one)) throw new Unwritable(`${JSON.stringify(one.slice(0, 60))} is no name of an XML element`);
  const qualified = prefix === '' ? name : `${prefix}:${name}`;
  if (namespace === undefined || declared.get(prefix) === namespace) return { qualified, declaration: '', declared };
  const declaration = ` xmlns${prefix === '' ? '' : `:${prefix}`}="${escapedAttribute(namespace)}"`;
  return { qualified, declaration, declared: new Map([...declared, [prefix, namespace]]) };
}

/** What the schema says, and before it what stands beside its reference. */
function styleOf(schema: unknown, document: Pick<ApiDocument, 'follow'>): Style {
  const { xml, type } = together(schema, document);
  const beside = isMapping(schema) && isMapping(schema['xml']) ? schema['xml'] : {};
  const { name, prefix, namespace, attribute, wrapped, nodeType }: Mapping = {
    ...(isMapping(xml) ? xml : {}),
    ...beside,
  };
  const isText = (one: unknown): one is string => typeof one === 'string' && one !== '';
  return {
    ...(isText(name) && { name }),
    ...(isText(prefix) && { prefix }),
    ...(isText(namespace) && { namespace }),
    kind:
      attribute === true || nodeType === 'attribute'
        ? 'attribute'
        : nodeType === 'text' || nodeType === 'cdata'
          ? 'text'
          : 'element',
    wrapped: wrapped === true || (nodeType === 'element' && type === 'array'),
  };
}

/** The name of the schema that a reference names; null: it is no reference. */
function namedBy(schema: unknown): string | null {
  const reference = isMapping(schema) ? schema['$ref'] : undefined;
  return typeof reference === 'string' ? (reference.split('/').at(-1) ?? null) : null;
}

const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** What XML 1.0 cannot say becomes the replacement character. */
function escapedText(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}

const escapedAttribute = (text: string): string =>
  escapedText(text)
    .replaceAll('"', '&quot;')
    .replaceAll(/[\t\n]/g, (space) => `&#${space.charCodeAt(0)};`);
