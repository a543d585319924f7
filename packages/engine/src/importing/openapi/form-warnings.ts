import { isMapping, type Mapping } from '../mapping.js';

/** What the specification says of one kind of object; everything that a request does not need is only warned about. */
interface Form {
  required?: readonly string[];
  known: readonly string[];
  /** Which kind stands in a field: one, a list of them, or a mapping of names to them. */
  parts?: Readonly<Record<string, string | [list: string] | { of: string }>>;
}

const words = (text: string): string[] => text.split(' ');
const METHODS = words('get put post delete options head patch trace query');

const FORMS: Readonly<Record<string, Form>> = {
  document: {
    required: ['info'],
    known: words('openapi info servers paths components security tags externalDocs webhooks jsonSchemaDialect $self'),
    parts: { info: 'info', paths: { of: 'path item' }, components: 'components' },
  },
  info: {
    required: ['title', 'version'],
    known: words('title summary description termsOfService contact license version'),
  },
  'path item': {
    known: [...words('summary description servers parameters additionalOperations'), ...METHODS],
    parts: { ...Object.fromEntries(METHODS.map((method) => [method, 'operation'])), parameters: ['parameter'] },
  },
  operation: {
    required: ['responses'],
    known: words(
      'tags summary description externalDocs operationId parameters requestBody responses callbacks deprecated security servers',
    ),
    parts: { parameters: ['parameter'], requestBody: 'request body', responses: { of: 'response' } },
  },
  parameter: {
    required: ['name', 'in'],
    known: words(
      'name in description required deprecated allowEmptyValue style explode allowReserved schema example examples content',
    ),
    parts: { content: { of: 'media type' }, examples: { of: 'example' } },
  },
  header: {
    known: words(
      'description required deprecated allowEmptyValue style explode allowReserved schema example examples content',
    ),
    parts: { content: { of: 'media type' }, examples: { of: 'example' } },
  },
  'request body': {
    required: ['content'],
    known: words('description content required'),
    parts: { content: { of: 'media type' } },
  },
  response: {
    required: ['description'],
    known: words('description summary headers content links'),
    parts: { headers: { of: 'header' }, content: { of: 'media type' } },
  },
  'media type': {
    known: words('schema itemSchema example examples encoding prefixEncoding itemEncoding'),
    parts: { encoding: { of: 'encoding' }, examples: { of: 'example' } },
  },
  encoding: {
    known: words('contentType headers style explode allowReserved encoding prefixEncoding itemEncoding'),
    parts: { headers: { of: 'header' } },
  },
  example: { known: words('summary description value externalValue dataValue serializedValue') },
  components: {
    known: words(
      'schemas responses parameters examples requestBodies headers securitySchemes links callbacks pathItems mediaTypes',
    ),
    parts: {
      responses: { of: 'response' },
      parameters: { of: 'parameter' },
      examples: { of: 'example' },
      requestBodies: { of: 'request body' },
      headers: { of: 'header' },
      securitySchemes: { of: 'security scheme' },
    },
  },
  'security scheme': {
    required: ['type'],
    known: words('type description name in scheme bearerFormat flows openIdConnectUrl oauth2MetadataUrl deprecated'),
  },
};

const MOST = 200;

interface Described {
  root: Mapping;
  version: '3.0' | '3.1';
  at(holder: object, key?: PropertyKey): string;
}

/** Every place where the document is not as the specification has it, apart from schemas, with its line and path. */
export function formWarnings({ root, version, at }: Described): string[] {
  const found: string[] = [];
  const seen = new Set<object>();
  const isRequired = (kind: string): boolean => version === '3.0' || kind !== 'operation';

  const look = (node: Mapping, kind: string): void => {
    if (seen.has(node) || found.length >= MOST || typeof node['$ref'] === 'string') return;
    seen.add(node);
    const { required = [], known, parts = {} } = FORMS[kind] as Form;
    for (const name of isRequired(kind) ? required : [])
      if (node[name] === undefined) found.push(`${at(node)}: this ${kind} has no ${name}`);
    for (const [key, value] of Object.entries(node)) {
      if (key.startsWith('x-')) continue;
      if (!known.includes(key)) found.push(`${at(node, key)}: this is no field of a ${kind}, and is not read`);
      const part = Object.hasOwn(parts, key) ? parts[key] : undefined;
      if (part !== undefined && value !== null) lookInto({ holder: node, key, value }, part);
    }
  };

  const lookInto = (
    { holder, key, value }: { holder: Mapping; key: string; value: unknown },
    part: NonNullable<Form['parts']>[string],
  ): void => {
    const isList = Array.isArray(part);
    if (isList ? !Array.isArray(value) : !isMapping(value)) {
      found.push(`${at(holder, key)}: must be a ${isList ? 'list' : 'mapping'}, and is not read`);
      return;
    }
    if (typeof part === 'string') return look(value as Mapping, part);
    const kind = isList ? part[0] : part.of;
    for (const [name, one] of Object.entries(value as object)) {
      if (name.startsWith('x-') && !isList) continue;
      if (isMapping(one)) look(one, kind);
      else if (kind !== 'path item')
        found.push(`${at(value as object, isList ? Number(name) : name)}: must be a mapping`);
    }
  };

  look(root, 'document');
  return found;
}
