import { type FieldError, problems } from '@gatehouse/server';
import type { z } from 'zod';

/** What a schema made of it, or a problem that names every field. @throws Problem 400 */
export const accept = <T extends z.ZodType>(schema: T, given: unknown, within = ''): z.output<T> => {
  const { success, data, error } = schema.safeParse(given);
  if (success) return data;
  const errors: FieldError[] = error.issues.slice(0, 20).map(({ path, message }) => ({
    field: [...(within === '' ? [] : [within]), ...path.map(String)].join('.'),
    message: /[.!?]$/.test(message) ? message : `${message}.`,
  }));
  throw problems.invalid(errors);
};
