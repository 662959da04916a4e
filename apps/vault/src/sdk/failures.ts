import { Fault } from '@gatehouse/kernel';
import { toProblem } from '@gatehouse/server';
import type { z } from 'zod';
import { Refusal, type RefusalCode, refusals } from '../refusal.ts';

/** A failure as this service tells it. */
export interface Failure {
  readonly status: number;
  readonly body: {
    readonly OperationSucceeded: false;
    readonly OperationMessage: string;
    readonly ErrorCode: RefusalCode | 'internal';
  } & Readonly<Record<string, string | number | boolean>>;
  readonly retryAfterSeconds: number | null;
  /** Whether it is our own fault, so that the log says all of it. */
  readonly isOurs: boolean;
}

/** Every error as a failure. What is not known says nothing about the inside. */
export const toFailure = (error: unknown): Failure => {
  if (error instanceof Refusal) {
    const { RetryAfter, ...members } = error.members;
    const retryAfterSeconds = typeof RetryAfter === 'number' ? RetryAfter : null;
    return { ...tell(refusals[error.code], error.code, error.message, members), retryAfterSeconds };
  }
  // Another system, a database or a key: the advice of a fault is written for whoever asked.
  if (error instanceof Fault && error.kind !== 'unexpected') return tell(503, 'unavailable', error.advice);
  const { status, message, retryAfterSeconds = null } = toProblem(error);
  if (status === 429) return { ...tell(429, 'slow_down', message), retryAfterSeconds };
  if (status === 503) return { ...tell(503, 'unavailable', message), retryAfterSeconds };
  if (status === 404) return tell(404, 'not_found', 'There is no such operation.');
  return status < 500 ? tell(status, 'invalid', message) : { ...tell(status, 'internal', message), isOurs: true };
};

const tell = (
  status: number,
  ErrorCode: Failure['body']['ErrorCode'],
  OperationMessage: string,
  members: Readonly<Record<string, string | number>> = {},
): Failure => ({
  ...{ status, body: { ...members, OperationSucceeded: false, OperationMessage, ErrorCode } },
  ...{ retryAfterSeconds: null, isOurs: false },
});

/** @throws Refusal `invalid` that names the first wrong member */
export const parseBody = <S extends z.ZodType>(shape: S, body: unknown): z.output<S> => {
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const member = issue?.path.join('.') || 'the body';
  throw new Refusal('invalid', `${member}: ${issue?.message ?? 'cannot be used'}.`);
};
