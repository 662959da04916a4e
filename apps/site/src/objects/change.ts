import { ConstraintError, type Sql } from '@gatehouse/database';
import type { Json } from '@gatehouse/kernel';
import { audit, type FieldError, Problem } from '@gatehouse/server';
import { defaultsOf, fieldsWith, type ObjectRow, present } from '../api/shape.ts';
import type { Author, Place } from './kind.ts';
import { countObjects, deleteRow, findObject, insertRow, keyOf, lockObject, updateRow } from './store.ts';

/** The input is well-formed and still cannot be stored: each field with its words, or a sentence about the whole. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly errors: readonly FieldError[];

  constructor(errors: readonly FieldError[], sentence = 'The given data was invalid.', options?: { cause?: unknown }) {
    super(sentence, options);
    this.errors = errors;
  }
}

/** Stores a new object in the caller's transaction. `given` was parsed by the shape. @throws Refusal */
export const createObject = async (tx: Sql, by: Author, place: Place, given: ObjectRow): Promise<ObjectRow> => {
  const { kind } = place;
  refuseReadOnly(place, given, {});
  refuseOtherParent(place, given);
  if (kind.atMost !== undefined && (await countObjects(tx, place, {})) >= kind.atMost)
    throw new Refusal([], `There can be at most ${kind.atMost} ${kind.shape.many}.`);
  const asked = { ...defaultsOf(kind.shape), ...given };
  const values = kind.complete ? await kind.complete(tx, asked) : asked;
  await refuse(kind.check?.(tx, values, null));
  const key = await named(() => (kind.insert ? kind.insert(tx, values) : insertRow(tx, place, values)));
  const stored = await findObject(tx, place, key);
  if (stored === null) throw new Error(`A new ${kind.noun} was not found again.`);
  await note(tx, by, place, 'create', stored, { ...present(kind.shape, stored) });
  return stored;
};

/** Null: there is none. What is left out of `given` stays. @throws Refusal */
export const changeObject = async (
  tx: Sql,
  by: Author,
  place: Place,
  key: number,
  given: ObjectRow,
): Promise<ObjectRow | null> => {
  const { kind } = place;
  await lockObject(tx, place, key);
  const before = await findObject(tx, place, key);
  if (before === null) return null;
  refuseReadOnly(place, given, present(kind.shape, before));
  await refuse(kind.check?.(tx, { ...before, ...given }, before));
  await named(() => (kind.update ? kind.update(tx, before, given) : updateRow(tx, place, key, given)));
  const after = await findObject(tx, movedTo(place, given), Number(given[keyOf(place)] ?? key));
  if (after === null) return null;
  await note(tx, by, place, 'change', after, differences(place, before, after, given));
  return after;
};

/** False: there is none. @throws Refusal when others still need it */
export const removeObject = async (tx: Sql, by: Author, place: Place, key: number): Promise<boolean> => {
  const { kind } = place;
  await lockObject(tx, place, key);
  const before = await findObject(tx, place, key);
  if (before === null) return false;
  try {
    await (kind.remove ? kind.remove(tx, before) : deleteRow(tx, place, key));
  } catch (error) {
    if (error instanceof ConstraintError && error.rule === 'foreign')
      throw new Refusal([], `This ${kind.shape.one} is still in use.`, { cause: error });
    throw error;
  }
  await note(tx, by, place, 'delete', before, { ...present(kind.shape, before) });
  return true;
};

/** A field that is only answered may be sent back as it was answered, and as nothing else. */
const refuseReadOnly = ({ kind: { shape } }: Place, given: ObjectRow, answered: ObjectRow): void => {
  const errors = fieldsWith(shape, 'readOnly')
    .filter((name) => given[name] !== undefined && JSON.stringify(given[name]) !== JSON.stringify(answered[name]))
    .map((field) => ({ field, message: 'This field is read-only.' }));
  if (errors.length > 0) throw new Refusal(errors);
};

/** A new object belongs to that of its address, whatever it says of itself. */
const refuseOtherParent = ({ kind: { parent }, parentId }: Place, given: ObjectRow): void => {
  const said = parent && given[parent.column];
  if (parent && said !== undefined && said !== parentId)
    throw new Refusal([{ field: parent.column, message: 'This is not the one of the address.' }]);
};

/** Where the object is after a change, which may give it to another one. */
const movedTo = (place: Place, given: ObjectRow): Place => {
  const said = place.kind.parent && given[place.kind.parent.column];
  return typeof said === 'number' ? { ...place, parentId: said } : place;
};

const refuse = async (found: Promise<readonly FieldError[]> | undefined): Promise<void> => {
  const errors = (await found) ?? [];
  if (errors.length > 0) throw new Refusal(errors);
};

/** The rules of the schema in the words of fields: they are named `<table>_<field>_is_unique` and `…_exists`. */
const named = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    // A rule of people that has words of its own.
    if (error instanceof Problem && error.status === 409) throw new Refusal([], error.message, { cause: error });
    if (!(error instanceof ConstraintError)) throw error;
    const [, field, rule] = /^[a-z_]+?__([a-z_]+?)_(is_unique|exists)$/.exec(error.constraint) ?? [];
    if (field === undefined) throw error;
    const message = rule === 'is_unique' ? 'This is taken already.' : `There is no such ${field.replace(/_id$/, '')}.`;
    throw new Refusal([{ field, message }], undefined, { cause: error });
  }
};

const note = (
  tx: Sql,
  by: Author,
  { kind, parentId }: Place,
  verb: string,
  row: ObjectRow,
  change: Readonly<Record<string, unknown>>,
): Promise<void> =>
  audit(tx, by, {
    action: `${kind.noun}.${verb}`,
    target: String(row[kind.shape.label] ?? row[kind.key ?? 'id']),
    change: {
      ...(toJson(change) as Record<string, Json>),
      ...(kind.parent && parentId !== undefined && { [kind.parent.column]: parentId }),
    },
  });

/** What changed, before and after; of what is never answered only that it was set. */
const differences = ({ kind: { shape } }: Place, before: ObjectRow, after: ObjectRow, given: ObjectRow) => {
  const [was, is] = [present(shape, before), present(shape, after)];
  const names = Object.keys(shape.fields).filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]));
  return {
    ...Object.fromEntries(names.map((name) => [name, { before: was[name] ?? null, after: is[name] ?? null }])),
    ...Object.fromEntries(
      fieldsWith(shape, 'writeOnly')
        .filter((name) => given[name] !== undefined)
        .map((name) => [name, 'set']),
    ),
  };
};

const toJson = (value: unknown): Json => JSON.parse(JSON.stringify(value));
