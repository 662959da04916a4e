import { ConstraintError } from '@gatehouse/database';
import { Fault, type FaultKind, type Json } from '@gatehouse/kernel';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';

/** One wrong field of the input: its path with dots (`settings.orgUrl`) and a sentence for the person. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** The body of every error answer: RFC 9457, media type `application/problem+json`. */
export const ProblemBody = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    requestId: z.string(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  })
  .meta({ description: 'What went wrong, as RFC 9457 describes it.' });

/** An error answer of our own API. Everything in it is shown to the caller; `cause` goes to the log only. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  /** Last part of `urn:gatehouse:problem:…`. Never changes, so that a program can act on it. */
  readonly code: string;
  readonly title: string;
  readonly errors: readonly FieldError[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** What a program needs beside the words: members of the body of their own names. */
  readonly members: { readonly [name: string]: Json } | undefined;

  constructor(
    status: number,
    code: string,
    title: string,
    detail: string,
    more: {
      errors?: readonly FieldError[];
      retryAfterSeconds?: number;
      members?: { readonly [name: string]: Json };
      cause?: unknown;
    } = {},
  ) {
    super(detail, more.cause === undefined ? undefined : { cause: more.cause });
    this.status = status;
    this.code = code;
    this.title = title;
    this.errors = more.errors;
    this.retryAfterSeconds = more.retryAfterSeconds;
    this.members = more.members;
  }

  toBody(requestId: string): z.output<typeof ProblemBody> {
    return {
      ...this.members,
      type: `urn:gatehouse:problem:${this.code}`,
      title: this.title,
      status: this.status,
      detail: this.message,
      requestId,
      ...(this.errors && { errors: [...this.errors] }),
    };
  }
}

export const problems = {
  /** 400: bad input, each wrong field named. */
  invalid: (errors: readonly FieldError[]) =>
    new Problem(
      400,
      'invalid-input',
      'The input is not valid',
      errors.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join(' '),
      { errors },
    ),
  /** 400: not HTTP, or not as this API has it. */
  unreadable: (cause?: unknown) =>
    new Problem(400, 'bad-request', 'The request cannot be read', 'The request is not as HTTP or this API has it.', {
      cause,
    }),
  /** 401 */
  signInFirst: () => new Problem(401, 'sign-in-first', 'Sign in first', 'Sign in, or send an API key.'),
  /** 403: the caller may know that the thing exists. */
  forbidden: (detail = 'Your role does not allow this.') => new Problem(403, 'forbidden', 'Not allowed', detail),
  /** 404: the same words for what does not exist and for what the caller may not know of. */
  notFound: () => new Problem(404, 'not-found', 'Not found', 'There is nothing here, or you may not see it.'),
  /** 409 */
  conflict: (detail: string) => new Problem(409, 'conflict', 'Conflicts with what is there', detail),
  /** 422: the input is well-formed and still cannot be used. */
  unusable: (detail: string, cause?: unknown) => new Problem(422, 'unusable', 'This cannot be done', detail, { cause }),
  /** 429 */
  tooMany: (retryAfterSeconds: number, detail = `Too many requests. Try again in ${retryAfterSeconds} seconds.`) =>
    new Problem(429, 'too-many-requests', 'Too many requests', detail, { retryAfterSeconds }),
  /** 503 */
  unavailable: (detail: string, cause?: unknown, retryAfterSeconds = 10) =>
    new Problem(503, 'unavailable', 'Not available at the moment', detail, { cause, retryAfterSeconds }),
  /** 500: says nothing about the inside. */
  internal: (cause: unknown) =>
    new Problem(
      500,
      'internal',
      'Something went wrong',
      'Something went wrong on our side. The log of this server says what.',
      {
        cause,
      },
    ),
} as const;

/** Every error as a problem. What is not known is a 500 without a word about the inside. */
export const toProblem = (error: unknown): Problem => {
  if (error instanceof Problem) return error;
  if (error instanceof Fault) return faultProblems[error.kind](error);
  if (error instanceof ConstraintError && error.rule === 'unique') {
    return new Problem(409, 'conflict', 'Conflicts with what is there', 'Something with this name is there already.', {
      cause: error,
    });
  }
  if (hasZodFastifySchemaValidationErrors(error)) return toInvalid(error);
  return fastifyProblem(error) ?? problems.internal(error);
};

/** How a fault of a remote system is told to the caller of our API. The advice is written for customers. */
const faultProblems: Readonly<Record<FaultKind, (fault: Fault) => Problem>> = {
  misconfigured: (fault) => problems.unusable(fault.advice, fault),
  unauthorized: (fault) => problems.unusable(fault.advice, fault),
  forbidden: (fault) => problems.unusable(fault.advice, fault),
  unsupported: (fault) => problems.unusable(fault.advice, fault),
  throttled: (fault) => problems.unavailable(fault.advice, fault, 60),
  unreachable: (fault) => problems.unavailable(fault.advice, fault),
  unexpected: (fault) => problems.internal(fault),
};

interface Validated {
  readonly validationContext?: string | undefined;
  readonly validation: readonly { instancePath: string; message?: string; keyword: string; params: object }[];
}

const toInvalid = ({ validation, validationContext }: Validated): Problem => {
  // An id in the path that cannot exist is a thing that does not exist.
  if (validationContext === 'params') return problems.notFound();
  const errors = validation.slice(0, 50).flatMap(({ instancePath, message, keyword, params }) => {
    const path = instancePath.split('/').filter(Boolean);
    const unknown =
      keyword === 'unrecognized_keys' && 'keys' in params && Array.isArray(params.keys) ? params.keys : null;
    if (unknown)
      return unknown.map((key) => ({ field: [...path, String(key)].join('.'), message: 'This field is not known.' }));
    return [{ field: path.join('.'), message: message ?? 'This value cannot be used.' }];
  });
  return problems.invalid(errors);
};

const fastifyProblem = (error: unknown): Problem | null => {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number') return null;
  const { statusCode } = error;
  if (statusCode < 400 || statusCode > 499) return null;
  const known = clientErrors[statusCode];
  if (known) return new Problem(statusCode, known.code, known.title, known.detail, { cause: error });
  return problems.unreadable(error);
};

const clientErrors: Readonly<Record<number, { code: string; title: string; detail: string }>> = {
  400: {
    code: 'bad-request',
    title: 'The request cannot be read',
    detail: 'The body or the address is not well-formed. A body must be JSON.',
  },
  404: { code: 'not-found', title: 'Not found', detail: 'There is nothing here, or you may not see it.' },
  408: {
    code: 'timeout',
    title: 'The request took too long',
    detail: 'The request did not arrive in time. Send it again.',
  },
  413: { code: 'too-large', title: 'The body is too large', detail: 'The body is larger than this address takes.' },
  414: {
    code: 'address-too-long',
    title: 'The address is too long',
    detail: 'The address is longer than this server takes.',
  },
  415: { code: 'media-type', title: 'Not a media type we read', detail: 'Send the body as application/json.' },
};
