import type { z } from 'zod';

/** One thing to be entered: by a person, as a flag or as a variable. */
export interface Question {
  /** As the settings have it: `bindName`. */
  readonly name: string;
  readonly title: string;
  /** A sentence that says where the answer is found. */
  readonly description: string;
  readonly kind: 'text' | 'secret' | 'file' | 'choice' | 'toggle' | 'number' | 'list';
  readonly isSecret: boolean;
  readonly choices: readonly string[];
  readonly isRequired: boolean;
  /** What an empty answer means; null: nothing. */
  readonly standard: string | null;
}

/** The questions of settings, in their order: what `describe` of them says is their only description. */
export const questionsOf = ({ properties = {}, required = [] }: Property): readonly Question[] =>
  Object.entries(properties).flatMap(([name, property]) =>
    typeof property === 'boolean' ? [] : [toQuestion(name, property, required.includes(name))],
  );

type Property = z.core.JSONSchema.BaseSchema;

const toQuestion = (name: string, property: Property, isRequired: boolean): Question => ({
  ...{ name, title: property.title ?? name, description: property.description ?? '' },
  ...{ kind: kindOf(property), isSecret: property.writeOnly === true },
  choices: (property.enum ?? []).map(String),
  ...{ isRequired: isRequired && property.default === undefined },
  standard: property.default === undefined ? null : [property.default].flat().join(', '),
});

const kindOf = ({ type, writeOnly, format, enum: choices, maxLength = 0 }: Property): Question['kind'] => {
  if (choices !== undefined) return 'choice';
  if (type === 'boolean') return 'toggle';
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'array') return 'list';
  // Several lines, which a prompt cannot take.
  if (format === 'pem' || (writeOnly !== true && maxLength > 2_000)) return 'file';
  return writeOnly === true ? 'secret' : 'text';
};

/** `bindName` → `--bind-name <text>`; a secret is never a flag itself, because every user of the machine sees flags. */
export const flagOf = ({ name, kind, isSecret }: Question): { readonly flags: string; readonly key: string } => {
  const dashed = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (kind === 'file' || isSecret) return { flags: `--${dashed}-file <path>`, key: `${name}File` };
  return { flags: `--${dashed} <${kind === 'list' ? 'a,b' : kind === 'toggle' ? 'yes|no' : 'text'}>`, key: name };
};

/** What was entered as the settings take it. Undefined: a toggle or number that is none. */
export const toValue = ({ kind }: Question, text: string): string | boolean | number | string[] | undefined => {
  switch (kind) {
    case 'toggle':
      return /^(y|yes|true|on)$/i.test(text) ? true : /^(n|no|false|off)$/i.test(text) ? false : undefined;
    case 'number':
      return Number.isFinite(Number(text)) ? Number(text) : undefined;
    case 'list':
      return text
        .split(/[\s,;]+/)
        .map((one) => one.trim())
        .filter(Boolean);
    default:
      return text;
  }
};
