import { type FieldSchema, type FormErrors, type FormValues, missingFields } from '@gatehouse/ui';

/** The required fields that are still empty, with those of groups: `fields.sessionIds`. */
export const missingWithin = (schema: FieldSchema, values: FormValues, path = ''): FormErrors => {
  const groups = Object.entries(schema.properties ?? {}).filter(([, { properties }]) => properties !== undefined);
  const own = Object.entries(missingFields(schema, values)).filter(
    ([name]) => !groups.some(([group]) => group === name),
  );
  return Object.fromEntries([
    ...own.map(([name, words]) => [`${path}${name}`, words]),
    ...groups.flatMap(([name, group]) => {
      const inside = values[name];
      const known = typeof inside === 'object' && inside !== null ? Object.fromEntries(Object.entries(inside)) : {};
      return Object.entries(missingWithin(group, known, `${path}${name}.`));
    }),
  ]);
};

/** Errors of `settings.token` as those of `token`. */
export const errorsWithin = (errors: FormErrors, prefix: string): FormErrors =>
  Object.fromEntries(
    Object.entries(errors).flatMap(([name, words]) =>
      name.startsWith(`${prefix}.`) ? [[name.slice(prefix.length + 1), words]] : [],
    ),
  );

/** What is wrong with a field, or with the first of its parts: `senders.0`. */
export const errorOf = (errors: FormErrors, name: string): string | undefined =>
  errors[name] ?? Object.values(errorsWithin(errors, name))[0];

/** After the next paint, when the fields are marked. */
export const focusFirstError = (): void => {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()),
  );
};
