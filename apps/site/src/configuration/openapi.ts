import { z } from 'zod';
import type { Shape } from '../api/shape.ts';
import type { Operation } from './operation.ts';
import { toYaml } from './yaml.ts';

type Described = Readonly<Record<string, unknown>>;

/** What an API is called, and where it begins. */
export interface Document {
  readonly base: string;
  readonly title: string;
  readonly version: string;
}

/** The description of what is served, from the same schemas that requests are checked with; made when first asked for. */
export const describe = (
  operations: readonly Operation[],
  document: Document,
  baseUrl: () => string,
): (() => string) => {
  let made: string | undefined;
  return () => {
    made ??= toYaml(documentOf(operations, document, baseUrl()));
    return made;
  };
};

const documentOf = (
  operations: readonly Operation[],
  { base, title, version }: Document,
  baseUrl: string,
): Described => ({
  openapi: '3.0.3',
  info: { title, version, license: { name: 'Apache-2.0' } },
  servers: [{ url: `${baseUrl}${base}` }],
  security: [{ api_account_auth: [] }],
  paths: pathsOf(operations),
  components: {
    schemas: {
      ...Object.fromEntries(shapesOf(operations).map((shape) => [shape.name, schemaOfShape(shape)])),
      ErrorMessageResponse: { type: 'object', properties: { message: { type: 'string' } } },
      ErrorBagResponse: {
        type: 'object',
        additionalProperties: { type: 'array', items: { type: 'string' } },
      },
    },
    responses: {
      NotFound: failed('There is no such thing.'),
      Unprocessable: failed('Something cannot be stored.', bag),
    },
    securitySchemes: {
      api_account_auth: {
        type: 'oauth2',
        flows: { clientCredentials: { tokenUrl: `${baseUrl}/oauth2/token`, scopes: {} } },
      },
    },
  },
});

const bag = {
  allOf: [
    { $ref: '#/components/schemas/ErrorMessageResponse' },
    { properties: { errors: { $ref: '#/components/schemas/ErrorBagResponse' } } },
  ],
};
const json = (schema: unknown) => ({ 'application/json': { schema } });
const failed = (description: string, schema: unknown = { $ref: '#/components/schemas/ErrorMessageResponse' }) => ({
  description,
  content: json(schema),
});

const pathsOf = (operations: readonly Operation[]): Described => {
  const paths: Record<string, Record<string, unknown>> = {
    '/openapi.yaml': {
      get: {
        summary: 'This description.',
        responses: { 200: { description: 'OK', content: { 'application/yaml': { schema: { type: 'object' } } } } },
      },
    },
  };
  for (const operation of operations)
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: {
        summary: operation.summary,
        ...parametersOf(operation),
        ...bodyOf(operation),
        responses: {
          [operation.status]: { description: 'OK', ...answerOf(operation) },
          ...(operation.path.includes('{') && { 404: { $ref: '#/components/responses/NotFound' } }),
          ...((operation.body || operation.query || (operation.method !== 'GET' && operation.path.includes('{'))) && {
            422: { $ref: '#/components/responses/Unprocessable' },
          }),
        },
      },
    };
  return paths;
};

/** Parts of a path that are no numbers. */
const hexadecimal = new Set(['lsid', 'client_id']);
const Int32 = { type: 'integer', format: 'int32', minimum: 1, maximum: 2_147_483_647 };

const parametersOf = ({ path, paged, query = {} }: Operation): Described => {
  const parameters = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
      ...{ name, in: 'path', required: true },
      schema: hexadecimal.has(name ?? '') ? { type: 'string', pattern: '^[0-9a-fA-F]{32}$' } : Int32,
    })),
    ...(paged
      ? [
          { name: 'per_page', in: 'query', schema: { type: 'integer', minimum: 5, maximum: 100, default: 100 } },
          { name: 'current_page', in: 'query', schema: { ...Int32, default: 1 } },
        ]
      : []),
    ...Object.entries(query).map(([name, type]) => ({ name, in: 'query', schema: schemaOf(type, 'output') })),
  ];
  return parameters.length === 0 ? {} : { parameters };
};

const bodyOf = ({ body, bodyShape }: Operation): Described =>
  body === undefined
    ? {}
    : { requestBody: { content: json(bodyShape === undefined ? schemaOf(body, 'input') : refTo(bodyShape)) } };

const answerOf = ({ answers, list, paged }: Operation): Described => {
  if (answers === undefined) return {};
  const one = isShape(answers) ? refTo(answers) : schemaOf(answers, 'output');
  const headers = [
    'Link',
    ...['Current-Page', 'Per-Page', 'Last-Page', 'Total'].map((name) => `X-BT-Pagination-${name}`),
  ];
  return {
    ...(paged && {
      headers: Object.fromEntries(
        headers.map((name) => [name, { schema: { type: name === 'Link' ? 'string' : 'integer' } }]),
      ),
    }),
    content: json(list ? { type: 'array', items: one } : one),
  };
};

const isShape = (answers: Shape | z.ZodType): answers is Shape => 'fields' in answers;
const refTo = ({ name }: Shape) => ({ $ref: `#/components/schemas/${name}` });

const shapesOf = (operations: readonly Operation[]): readonly Shape[] => {
  const found = new Map<string, Shape>();
  for (const { answers, bodyShape } of operations)
    for (const shape of [bodyShape, answers]) if (shape !== undefined && isShape(shape)) found.set(shape.name, shape);
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
};

/** With everything that is sent or answered; what is only one of them is marked. */
const schemaOfShape = ({ fields, required }: Shape): Described => {
  const optional = Object.fromEntries(Object.entries(fields).map(([name, type]) => [name, type.optional()]));
  return { ...schemaOf(z.object(optional), 'input'), ...(required.length > 0 && { required: [...required] }) };
};

const schemaOf = (type: z.ZodType, io: 'input' | 'output'): Described => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(type, { target: 'openapi-3.0', io, unrepresentable: 'any' });
  return rest;
};
