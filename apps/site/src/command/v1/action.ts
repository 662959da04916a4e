import type { Sql } from '@gatehouse/database';
import type { z } from 'zod';
import type { ObjectRow } from '../../api/shape.ts';
import type { Author } from '../../objects/index.ts';
import type { Change } from '../../support/index.ts';
import type { Element } from '../../xml-api/index.ts';
import type { CommandParts } from '../command-parts.ts';

/** What an action is asked, after its parameters were checked. */
export interface Asked<Parameters> extends CommandParts {
  readonly parameters: Parameters;
  /** `session.custom.<code name>`, by code name. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly by: Author;
  /** Where the program is. */
  readonly address: string;
  readonly account: ObjectRow;
  read<T>(work: (tx: Sql, now: Date) => Promise<T>): Promise<T>;
  /** One transaction: what is refused changes nothing. */
  change<T>(work: (change: Change) => Promise<T>): Promise<T>;
}

/** One action of the Command API in XML. Parameters that it does not know are not looked at: programs send many. */
export interface Action {
  readonly name: string;
  readonly needs: 'read_only' | 'full_access';
  readonly parameters: z.ZodObject;
  run(asked: Asked<unknown>): Promise<Element>;
}

/** With its parameters as its schema has them. */
export const defineAction = <Shape extends z.ZodObject>(action: {
  readonly name: string;
  readonly needs: Action['needs'];
  readonly parameters: Shape;
  run(asked: Asked<z.output<Shape>>): Promise<Element>;
}): Action => ({
  ...action,
  run: (asked) => action.run({ ...asked, parameters: action.parameters.parse(asked.parameters) }),
});
