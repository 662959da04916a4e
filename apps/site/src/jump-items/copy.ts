import type { Sql } from '@gatehouse/database';
import type { z } from 'zod';
import type { CopyJumpItem } from '../api/jump-items.ts';
import { fieldsWith, type ObjectRow } from '../api/shape.ts';
import { type Author, createObject, findObject, type Kind } from '../objects/index.ts';

/** A new item like another one, with a name and an owner of its own; null: there is no other one. */
export const copyJumpItem = async (
  tx: Sql,
  by: Author,
  kind: Kind,
  id: number,
  given: z.output<typeof CopyJumpItem>,
): Promise<ObjectRow | null> => {
  const original = await findObject(tx, { kind }, id);
  if (original === null) return null;
  const kept = fieldsWith(kind.shape, 'readOnly');
  const values = Object.fromEntries(
    Object.keys(kind.shape.fields).flatMap((name) => (kept.includes(name) ? [] : [[name, original[name]]])),
  );
  return await createObject(tx, by, { kind }, { ...values, ...given });
};
