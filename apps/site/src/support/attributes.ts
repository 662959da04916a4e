import type { Sql } from '@gatehouse/database';
import { problems } from '@gatehouse/server';
import { isText } from '../api/shape.ts';
import { listCustomFields } from '../custom-fields/index.ts';
import { Refusal } from '../objects/index.ts';

/** What programs and representatives note about a session: the key of a ticket, and custom fields by their code names. */
export interface Attributes {
  readonly externalKey: string;
  readonly fields: Readonly<Record<string, string>>;
}

export const noAttributes: Attributes = { externalKey: '', fields: {} };

/** The name that the external key has among them. */
export const externalKeyName = 'external_key';

export const attributeLimits = { characters: 1_024, bytes: 10_240, atOnce: 30 } as const;

/** What is named changes, what is empty is cleared, and the rest stays. `asked` by code name. @throws Refusal, and a Problem 400 for too many */
export const changeAttributes = async (
  tx: Sql,
  current: Attributes,
  asked: Readonly<Record<string, string>>,
): Promise<Attributes> => {
  const names = Object.entries(asked);
  if (names.length === 0) return current;
  if (names.length > attributeLimits.atOnce)
    throw problems.invalid([{ field: 'attributes', message: `Name at most ${attributeLimits.atOnce} at once.` }]);
  const known = new Map((await listCustomFields(tx)).map(({ codeName }) => [codeName.toLowerCase(), codeName]));
  let { externalKey } = current;
  const fields = new Map(Object.entries(current.fields));
  for (const [name, value] of names) {
    refuseValue(name, value);
    if (name.toLowerCase() === externalKeyName) {
      externalKey = value;
      continue;
    }
    const codeName = known.get(name.toLowerCase());
    if (codeName === undefined) throw refusalOf(name, `There is no custom field “${name.slice(0, 100)}”.`);
    if (value === '') fields.delete(codeName);
    else fields.set(codeName, value);
  }
  const bytes = [externalKey, ...fields.values()].reduce((sum, value) => sum + Buffer.byteLength(value), 0);
  if (bytes > attributeLimits.bytes)
    throw new Refusal([], `The attributes of a session may have ${attributeLimits.bytes} bytes together.`);
  return { externalKey, fields: Object.fromEntries(fields) };
};

const refuseValue = (name: string, value: string): void => {
  if (value.length > attributeLimits.characters)
    throw refusalOf(name, `Enter at most ${attributeLimits.characters} characters.`);
  if (!isText(value)) throw refusalOf(name, 'There is a character in it that cannot be kept.');
};

const refusalOf = (name: string, message: string) => new Refusal([{ field: name.slice(0, 100), message }]);
