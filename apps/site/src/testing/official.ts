import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { flat, type Resolve, type Schema } from './json-schema.ts';

const folder = join(import.meta.dirname, '../../../../../shared/corpora/beyondtrust');
export const isMissing = !existsSync(folder);
if (isMissing && process.env.CI === 'true') throw new Error(`the recordings are missing: ${folder}`);
/** For titles: tests that need the recordings are skipped without them. */
export const reason = isMissing ? ' (skipped: no ../shared/corpora/beyondtrust)' : '';

interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: string;
  readonly schema: Schema;
}
interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

/** One operation of the official description of the Configuration API. */
export interface OfficialOperation {
  readonly method: string;
  readonly path: string;
  readonly query: readonly Parameter[];
  /** Null: it takes none. */
  readonly body: Schema | null;
  /** By status; null: without a body that is JSON. */
  readonly answers: ReadonlyMap<number, Schema | null>;
  readonly isPaged: boolean;
}

interface Document {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
}
interface Described {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content & { readonly $ref?: string; readonly headers?: object }>>;
}

const read = (product: 'pra' | 'rs'): Document =>
  isMissing
    ? { paths: {}, components: { schemas: {} } }
    : parse(readFileSync(join(folder, `bt-${product}-configuration.openapi.yaml`), 'utf8'));

/** That of privileged remote access; teams serve remote support, whose description says more about them. */
const document = read('pra');
const { Team } = read('rs').components.schemas;
if (Team) Object.assign(document.components.schemas, { Team });

const lookUp = (ref: string): unknown =>
  ref
    .slice(2)
    .split('/')
    .reduce<unknown>((found, part) => (found as Record<string, unknown>)[part], document);
export const resolve: Resolve = (ref) => lookUp(ref) as Schema;

const json = ({ content }: Content): Schema | null => content?.['application/json']?.schema ?? null;

export const official: readonly OfficialOperation[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([method]) => ['get', 'post', 'patch', 'put', 'delete'].includes(method))
    .map(([method, { parameters = [], requestBody, responses }]) => {
      const all = parameters.map((one) => (one.$ref === undefined ? one : (lookUp(one.$ref) as Parameter)));
      const answers = Object.entries(responses).map(
        ([status, one]) =>
          [Number(status), json(one.$ref === undefined ? one : (lookUp(one.$ref) as Content))] as const,
      );
      return {
        ...{ method: method.toUpperCase(), path, query: all.filter((one) => one.in === 'query') },
        body: requestBody === undefined ? null : json(requestBody),
        answers: new Map(answers),
        isPaged: Object.values(responses).some(({ headers }) => headers !== undefined),
      };
    }),
);

/** The properties of a body that may be written, and which must be. */
export const writableOf = (body: Schema) => {
  const { properties = {}, required = [] } = flat(body, resolve);
  return {
    required,
    properties: Object.entries(properties).filter(([, property]) => !flat(property, resolve).readOnly),
  };
};
