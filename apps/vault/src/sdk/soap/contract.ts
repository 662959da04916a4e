import { z } from 'zod';
import type { Action } from '../actions.ts';
import { answerOf } from '../operation.ts';
import { type Member, type ObjectShape, type Shape, shapeOf } from './shape.ts';

/** An action as SOAP has it: its parameters are the members of the body, the token among them. */
export interface Contract {
  readonly action: Action;
  readonly parameters: readonly Member[];
  readonly result: Shape;
}

export const contractsOf = (actions: readonly Action[]): readonly Contract[] =>
  actions.map((action) => {
    const { name, body, answer, isLogIn } = action;
    const request = shapeOf(body, name);
    const members = request.kind === 'object' ? request.members : [];
    return { action, parameters: isLogIn ? members : [token, ...members], result: shapeOf(answer, `${name}Result`) };
  });

const token: Member = { name: 'AuthenticationToken', shape: { kind: 'text' }, mayBeNull: true };

/** What a fault says beside its words: the members of a failure of the other faces. */
export const failure = shapeOf(
  answerOf('Failure', {
    ...{ OperationSucceeded: z.boolean(), OperationMessage: z.string(), ErrorCode: z.string() },
    PasswordRequestID: z.string().optional(),
  }),
  'Failure',
);

/** Every type of an object that the contracts name, once each. */
export const typesOf = (contracts: readonly Contract[]): readonly ObjectShape[] => {
  const known = new Map<string, ObjectShape>();
  const add = (shape: Shape): void => {
    if (shape.kind === 'list') add(shape.of);
    if (shape.kind !== 'object') return;
    const same = known.get(shape.name);
    // A client has one type for each name.
    if (same && JSON.stringify(same) !== JSON.stringify(shape)) throw new Error(`Two types are called ${shape.name}.`);
    known.set(shape.name, shape);
    for (const member of shape.members) add(member.shape);
  };
  for (const { parameters, result } of contracts) {
    for (const member of parameters) add(member.shape);
    add(result);
  }
  add(failure);
  return [...known.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
};
