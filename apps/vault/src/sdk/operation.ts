import type { Sql } from '@gatehouse/database';
import type { Json } from '@gatehouse/kernel';
import type { z } from 'zod';
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

/** One operation: name, what it takes beside the token, what it does in one transaction. */
export interface Operation<S extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly summary: string;
  readonly body: S;
  perform(call: Call, body: z.output<S>): Promise<SdkAnswer>;
}

export const defineOperation = <S extends z.ZodType>(operation: Operation<S>): Operation => operation as Operation;

export const done = { OperationSucceeded: true } as const;

/** `<username>` becomes whoever acts. */
export const commentOf = ({ acting: { actor } }: Call, text: string): string =>
  text.replaceAll('<username>', () => actor.identity.name).slice(0, 2_000);
