import { problems } from '@gatehouse/server';

export type { FieldError } from '@gatehouse/server';

/** 400 with one wrong field. */
export const invalid = (field: string, message: string) => problems.invalid([{ field, message }]);
export const invalidFields = problems.invalid;
