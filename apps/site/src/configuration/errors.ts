import type { Json } from '@gatehouse/kernel';
import { toProblem } from '@gatehouse/server';
import type { z } from 'zod';
import { Refusal } from '../objects/index.ts';

/** An error answer of the APIs of programs in JSON: `{message}`, and for 422 the fields with their words. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly status: number;
  readonly errors: Readonly<Record<string, readonly string[]>> | null;

  constructor(
    status: number,
    message: string,
    errors: Readonly<Record<string, readonly string[]>> | null = null,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.status = status;
    this.errors = errors;
  }

  toBody(): { readonly [name: string]: Json } {
    return { message: this.message, ...(this.errors && { errors: this.errors }) };
  }
}

export const notFound = () => new ConfigurationError(404, 'Not Found');
export const methodNotAllowed = (method: string) =>
  new ConfigurationError(405, `The method ${method} is not supported for this address.`);
export const forbidden = (sentence: string) => new ConfigurationError(403, sentence);
export const unprocessable = (errors: Readonly<Record<string, readonly string[]>>, sentence = invalid) =>
  new ConfigurationError(422, sentence, errors);

const invalid = 'The given data was invalid.';

/** What the schema of a query or a body does not take: `unknownIs` for what it does not know, 422 for the rest. */
export const toSchemaError = (
  error: z.ZodError,
  what: 'query parameter' | 'field',
  unknownIs: 400 | 401,
): ConfigurationError => {
  const unknown = error.issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
  if (unknown.length > 0) {
    const names = unknown.slice(0, 20).map((name) => name.slice(0, 100));
    return new ConfigurationError(
      unknownIs,
      `Unrecognized ${what}${names.length === 1 ? '' : 's'}: ${names.join(', ')}`,
    );
  }
  const errors: Record<string, string[]> = {};
  for (const { path, message } of error.issues.slice(0, 50)) {
    const field = path.map(String).join('.');
    errors[field] = [...(errors[field] ?? []), message];
  }
  return unprocessable(errors);
};

/** Any error as an answer of this API. What is our own fault says nothing about the inside. */
export const toConfigurationError = (error: unknown): ConfigurationError => {
  if (error instanceof ConfigurationError) return error;
  if (error instanceof Refusal) {
    const errors: Record<string, string[]> = {};
    for (const { field, message } of error.errors) errors[field] = [...(errors[field] ?? []), message];
    return new ConfigurationError(422, error.message, errors, { cause: error });
  }
  const problem = toProblem(error);
  return new ConfigurationError(problem.status, problem.message, null, { cause: problem.cause ?? error });
};
