import type { z } from 'zod';
import { describe } from '../index.ts';

interface Setting {
  readonly type?: string | undefined;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly writeOnly?: boolean | undefined;
}

/** Every setting by name, those of alternatives and of tables included. */
export const settingsOf = (config: z.ZodType): ReadonlyMap<string, Setting> => within(describe(config));

const within = (schema: ReturnType<typeof describe>): ReadonlyMap<string, Setting> => {
  const found = new Map<string, Setting>();
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    // The tag of an alternative is a constant that nobody enters.
    if (typeof property !== 'object' || property.const !== undefined) continue;
    found.set(name, property as Setting);
    if (property.format === 'table') continue; // its description is that of all its rows
    for (const [inner, setting] of within(property as typeof schema)) found.set(`${name}.${inner}`, setting);
  }
  for (const part of [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])]) {
    if (typeof part === 'object') for (const [name, setting] of within(part as typeof schema)) found.set(name, setting);
  }
  return found;
};

/**
 * What is wrong with the words of settings: a title or a sentence is missing, or plain text has the name of a secret.
 * `isSecretName` knows such names.
 */
export const unexplained = (config: z.ZodType, isSecretName: (name: string) => boolean): readonly string[] =>
  [...settingsOf(config)].flatMap(([name, { title = '', description = '', writeOnly, type }]) => {
    const smells = type === 'string' && writeOnly !== true && (isSecretName(name) || isSecretName(title));
    return [
      ...(title.trim().length > 1 ? [] : [`the setting ${name} has no title`]),
      ...(/^\S.{10,}[.!?]$/s.test(description.trim()) ? [] : [`the setting ${name} has no sentence: "${description}"`]),
      ...(smells ? [`the setting ${name} smells of a secret and is plain text`] : []),
    ];
  });
