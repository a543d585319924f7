/** A document as teams write them in OpenAPI 3.0: JSON, references, nullable, exclusive bounds as booleans, every kind of parameter. */
export const PETSTORE_30 = {
  openapi: '3.0.3',
  info: { title: 'Pet store', version: '1.2.0' },
  servers: [{ url: 'http://{host}:8080/v1/', variables: { host: { default: '127.0.0.1' } } }],
  security: [{ store_auth: [] }],
  paths: {
    '/pets': {
      get: {
        operationId: 'listPets',
        summary: 'All pets',
        parameters: [
          { $ref: '#/components/parameters/Limit' },
          {
            name: 'status',
            in: 'query',
            required: true,
            schema: { type: 'array', items: { enum: ['on sale', 'sold'] }, minItems: 2 },
          },
          {
            name: 'filter',
            in: 'query',
            required: true,
            style: 'deepObject',
            schema: {
              type: 'object',
              required: ['color'],
              properties: { color: { type: 'string', example: 'red & white' } },
            },
          },
          { name: 'cursor', in: 'query', schema: { type: 'string' } },
          { name: 'X-Request-Id', in: 'header', required: true, schema: { type: 'string', format: 'uuid' } },
        ],
        responses: {
          '200': {
            description: 'pets',
            content: { 'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/Pet' } } } },
          },
        },
      },
      post: {
        operationId: 'createPet',
        requestBody: { $ref: '#/components/requestBodies/Pet' },
        responses: { '201': { description: 'created' } },
      },
    },
    '/pets/{petId}': {
      parameters: [
        {
          name: 'petId',
          in: 'path',
          required: true,
          schema: { type: 'integer', format: 'int64', minimum: 1 },
          example: 42,
        },
      ],
      get: { operationId: 'get pet/by id', responses: { '200': { description: 'a pet' } } },
      patch: {
        operationId: 'patchPet',
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                allOf: [
                  { $ref: '#/components/schemas/Animal' },
                  {
                    type: 'object',
                    required: ['reason'],
                    properties: { reason: { type: 'string', minLength: 10, maxLength: 20 } },
                  },
                ],
              },
              example: { reason: 'an example that lacks what is required' },
            },
          },
        },
        responses: { '200': { description: 'changed' } },
      },
      delete: { security: [{ admin: [] }], responses: { '204': { description: 'gone' } } },
    },
    '/pets/{petId}/photo': {
      post: {
        operationId: 'uploadPhoto',
        security: [{}],
        parameters: [{ name: 'petId', in: 'path', required: true, schema: { type: 'integer' } }],
        requestBody: {
          required: true,
          content: {
            'multipart/form-data': {
              schema: {
                type: 'object',
                required: ['file', 'note'],
                properties: { file: { type: 'string', format: 'binary' }, note: { type: 'string' } },
              },
            },
          },
        },
        responses: { '200': { description: 'stored' } },
      },
    },
    '/login': {
      post: {
        security: [],
        requestBody: {
          required: true,
          content: {
            'application/x-www-form-urlencoded': {
              schema: {
                type: 'object',
                required: ['user', 'password'],
                properties: {
                  user: { type: 'string', example: 'ann & bob' },
                  password: { type: 'string', format: 'password' },
                },
              },
            },
          },
        },
        responses: { '200': { description: 'in' } },
      },
    },
    '/report.xml': {
      post: {
        requestBody: { required: true, content: { 'application/xml': { schema: { type: 'object' } } } },
        responses: { '200': { description: 'never' } },
      },
    },
  },
  components: {
    securitySchemes: {
      store_auth: { type: 'http', scheme: 'bearer' },
      admin: { type: 'apiKey', in: 'query', name: 'admin_key' },
    },
    parameters: { Limit: { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 100 }, example: 20 } },
    requestBodies: {
      Pet: { required: true, content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } } },
    },
    schemas: {
      Pet: {
        type: 'object',
        required: ['id', 'name', 'kind'],
        additionalProperties: false,
        properties: {
          id: { type: 'integer', readOnly: true },
          name: { type: 'string', minLength: 1 },
          kind: { type: 'string', enum: ['cat', 'dog'] },
          price: { type: 'number', minimum: 0, exclusiveMinimum: true, nullable: true },
          born: { type: 'string', format: 'date-time' },
          mail: { type: 'string', format: 'email' },
          tag: { type: 'string', pattern: '^[A-Z]{3}-\\d{4}$' },
          script: { type: 'string', example: 'costs ${price}' },
          parent: { $ref: '#/components/schemas/Pet' },
          friends: { type: 'array', items: { $ref: '#/components/schemas/Pet' }, maxItems: 3 },
          owner: { oneOf: [{ $ref: '#/components/schemas/Person' }, { $ref: '#/components/schemas/Company' }] },
        },
      },
      Animal: { type: 'object', required: ['legs'], properties: { legs: { type: 'integer', minimum: 2, maximum: 4 } } },
      Person: {
        type: 'object',
        required: ['firstName'],
        additionalProperties: false,
        properties: { firstName: { type: 'string' }, age: { type: 'integer' } },
      },
      Company: {
        type: 'object',
        required: ['vat'],
        additionalProperties: false,
        properties: { vat: { type: 'string', pattern: '^DE\\d{9}$' } },
      },
    },
  },
};

/** OpenAPI 3.1: YAML, JSON Schema 2020-12, webhooks, a relative server. */
export const SHOP_31 = `
openapi: 3.1.0
info: { title: Shop, version: '2' }
servers:
  - url: /api
paths:
  /orders/{orderId}/items/{+path}:
    get:
      operationId: orderItem
      deprecated: true
      parameters:
        - { name: orderId, in: path, required: true, schema: { type: string, format: uuid } }
        - { name: +path, in: path, required: true, schema: { type: string, const: a b/c } }
        - { name: view, in: query, required: true, explode: false, schema: { type: array, items: { type: integer }, examples: [[1, 2]] } }
      responses: { '200': { description: ok } }
  /orders:
    post:
      operationId: order
      security: [{ basic: [] }]
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/Order'
              description: siblings are allowed in 3.1
            examples:
              wrong: { value: { lines: [] } }
              right: { value: { lines: [{ sku: A1, count: 2 }], note: null } }
      responses: { '201': { description: created } }
    put:
      operationId: order
      requestBody:
        required: true
        content:
          application/vnd.shop+json: { schema: { $ref: '#/components/schemas/Order' } }
      responses: { '200': { description: ok } }
webhooks:
  shipped:
    post: { responses: { '200': { description: never called by Hive } } }
components:
  securitySchemes:
    basic: { type: http, scheme: basic }
  schemas:
    Order:
      type: object
      required: [lines]
      properties:
        note: { type: [string, 'null'] }
        discount: { type: number, exclusiveMinimum: 0, exclusiveMaximum: 1 }
        lines:
          type: array
          minItems: 1
          items:
            type: object
            required: [sku, count]
            properties:
              sku: { type: string, pattern: '^[A-Z]\\d+$' }
              count: { type: integer, minimum: 1, maximum: 9 }
        pair: { prefixItems: [{ type: string }, { type: integer }], type: array, items: false, minItems: 2 }
        parent: { $ref: '#/components/schemas/Order' }
      if: { properties: { discount: { minimum: 0.5 } }, required: [discount] }
      then: { required: [note] }
`;
