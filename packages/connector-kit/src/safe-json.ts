import { isSecretName } from '@gatehouse/host';
import type { Json } from '@gatehouse/kernel';
import { masked, safeText, storable } from './safe-text.ts';

/** The largest `raw` that is kept, in bytes of UTF-8. */
export const largestJson = 256 * 1024;
const deepest = 64;

/**
 * A vendor's own words as they may be kept: secrets masked, storable in `jsonb`, at most 256 KiB, else
 * `{ truncated: true, bytes }`. Returns the very same value where nothing had to change, which is nearly always.
 */
export const safeJson = (value: unknown): Json => {
  const walk: Walk = { characters: 0, tooDeep: false };
  const safe = mend(value, 0, false, walk);
  if (walk.tooDeep) return { truncated: true, bytes: walk.characters };
  // A character takes at most six bytes in JSON, so most values need no exact count.
  if (walk.characters * 6 <= largestJson) return safe;
  const bytes = new TextEncoder().encode(JSON.stringify(safe)).length;
  return bytes <= largestJson ? safe : { truncated: true, bytes };
};

interface Walk {
  /** What JSON would take, roughly and never less than half of it. */
  characters: number;
  tooDeep: boolean;
}

const mend = (value: unknown, depth: number, secret: boolean, walk: Walk): Json => {
  switch (typeof value) {
    case 'string':
      walk.characters += value.length + 3;
      return secret && value !== '' ? masked : safeText(value);
    case 'number':
      walk.characters += 8;
      return Number.isFinite(value) ? (secret ? masked : value) : null;
    case 'boolean':
      walk.characters += 5;
      return value;
    case 'bigint':
      return secret ? masked : String(value);
    case 'object':
      break;
    default:
      return null;
  }
  if (value === null) {
    walk.characters += 5;
    return null;
  }
  if (depth >= deepest) {
    walk.tooDeep = true;
    return null;
  }
  if (Array.isArray(value)) return mendList(value, depth, secret, walk);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  return mendObject(value, depth, secret, walk);
};

const mendList = (list: readonly unknown[], depth: number, secret: boolean, walk: Walk): Json => {
  let copy: Json[] | null = null;
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    const safe = mend(item, depth + 1, secret, walk);
    if (copy !== null) copy.push(safe);
    else if (safe !== item) copy = [...(list.slice(0, i) as Json[]), safe];
  }
  // Unchanged, so every item is what `mend` returned for it.
  return copy ?? (list as Json[]);
};

const mendObject = (object: object, depth: number, secret: boolean, walk: Walk): Json => {
  const given = object as Readonly<Record<string, unknown>>;
  let changed: [string, Json][] | null = null;
  const names = Object.keys(given);
  for (let i = 0; i < names.length; i++) {
    const name = names[i] ?? '';
    const value = given[name];
    walk.characters += name.length + 4;
    if (value === undefined) continue;
    const word = wordOf(name);
    // `password: { hash: { value } }` holds a secret, `password: { complexity: { … } }` is a setting.
    const isSecret = word.isSecret || (secret && isHolder(name));
    const safe = mend(value, depth + 1, isSecret, walk);
    if (changed !== null) changed.push([word.safe, safe]);
    else if (safe !== value || word.safe !== name) {
      changed = names.slice(0, i).flatMap((before) => {
        const kept = given[before];
        return kept === undefined ? [] : [[before, kept as Json] satisfies [string, Json]];
      });
      changed.push([word.safe, safe]);
    }
  }
  // `fromEntries` also where a name is `__proto__`, which an assignment would take for something else.
  return changed === null ? (given as Json) : Object.fromEntries(changed);
};

/** Names below a secret's name that hold its value: Okta's `password: { hash: { value, salt } }`. */
const isHolder = (name: string) => /^(?:value|hash|salt|answer|key|plain|text)$/i.test(name);

interface Word {
  readonly isSecret: boolean;
  readonly safe: string;
}

// The names of a vendor's fields are few and come back a million times.
const words = new Map<string, Word>();

const wordOf = (name: string): Word => {
  const known = words.get(name);
  if (known !== undefined) return known;
  const word = { isSecret: name.length <= 100 && isSecretName(name), safe: storable(name) };
  if (words.size < 4_096 && name.length <= 100) words.set(name, word);
  return word;
};
