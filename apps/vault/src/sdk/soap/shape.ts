import { z } from 'zod';

/** What a schema is in the types of XML. */
export type Shape =
  | { readonly kind: 'text' | 'whole' | 'flag' | 'time' }
  | { readonly kind: 'list'; readonly of: ObjectShape }
  | ObjectShape;

export interface ObjectShape {
  readonly kind: 'object';
  /** Of its type. */
  readonly name: string;
  /** In the order in which data contracts have them: by their names. */
  readonly members: readonly Member[];
}

export interface Member {
  readonly name: string;
  readonly shape: Shape;
  readonly mayBeNull: boolean;
}

/**
 * What a client has to send for this schema, or gets. The name of an object's type is the title of its schema, or that of
 * the member that holds it.
 */
export const shapeOf = (schema: z.core.$ZodType, name: string): Shape => {
  // What is only turned into something else is described by what it is turned from.
  if (schema instanceof z.ZodPipe) return shapeOf(schema.in instanceof z.ZodTransform ? schema.out : schema.in, name);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return shapeOf(schema.unwrap(), name);
  // Clients know the first one; the others are taken, too.
  if (schema instanceof z.ZodUnion && schema.options[0]) return shapeOf(schema.options[0], name);
  if (schema instanceof z.ZodObject)
    return { kind: 'object', name: schema.meta()?.title ?? name, members: membersOf(schema) };
  if (schema instanceof z.ZodArray) {
    const of = shapeOf(schema.element, name);
    if (of.kind === 'object') return { kind: 'list', of };
  }
  if (schema instanceof z.ZodISODateTime || schema instanceof z.ZodDate) return { kind: 'time' };
  if (schema instanceof z.ZodString || schema instanceof z.ZodEnum) return { kind: 'text' };
  if (schema instanceof z.ZodNumber) return { kind: 'whole' };
  if (schema instanceof z.ZodBoolean) return { kind: 'flag' };
  throw new Error(`${name} has no form in the types of XML.`);
};

const membersOf = ({ shape }: z.ZodObject): readonly Member[] =>
  Object.entries(shape)
    .map(([name, schema]) => ({ name, shape: shapeOf(schema, name), mayBeNull: z.safeParse(schema, null).success }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
