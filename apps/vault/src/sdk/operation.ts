import type { Sql } from '@gatehouse/database';
import type { Json } from '@gatehouse/kernel';
import { z } from 'zod';
import type { Acting } from '../acting.ts';
import type { JobDoor } from '../jobs/index.ts';
import type { VaultParts } from '../parts.ts';

export interface SdkParts {
  readonly vault: VaultParts;
  readonly jobs: JobDoor;
}

/** A call of somebody whose token was found to be good. */
export interface Call {
  readonly tx: Sql;
  readonly parts: VaultParts;
  readonly acting: Acting;
}

/** Everything in an answer is sent as it is; a secret only by those that hand one out. */
export type SdkAnswer = Json;

/** One operation: name, what it takes beside the token, what it answers, what it does in one transaction. */
export interface Operation<S extends z.ZodType = z.ZodType, A extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly summary: string;
  readonly body: S;
  readonly answer: A;
  perform(call: Call, body: z.output<S>): Promise<SdkAnswer & z.input<A>>;
}

export const defineOperation = <S extends z.ZodType, A extends z.ZodType>(operation: Operation<S, A>): Operation =>
  operation as unknown as Operation; // each performs only what its own schema has parsed

/** An object of an answer; the title is the name of its type where a face has types. */
export const answerOf = <S extends z.ZodRawShape>(title: string, shape: S) => z.object(shape).meta({ title });

export const done = { OperationSucceeded: true } as const;
export const doneShape = { OperationSucceeded: z.boolean() };
export const Done = answerOf('OperationResult', doneShape);
/** Of an answer. */
export const UtcTime = z.iso.datetime();

/** `<username>` becomes whoever acts. */
export const commentOf = ({ acting: { actor } }: Call, text: string): string =>
  text.replaceAll('<username>', () => actor.identity.name).slice(0, 2_000);
