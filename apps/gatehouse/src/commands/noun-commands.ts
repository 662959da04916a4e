import type { ApiCommand, ApiOption } from './command.ts';

/** A way of asking for something of a noun: its options, and examples after the words of the command. */
export interface Verb {
  readonly does: string;
  readonly options?: readonly ApiOption[];
  readonly examples: readonly string[];
}

/** Something that is listed, shown, added, changed and deleted. Presence is capability: a verb that is left out is none. */
export interface Noun {
  readonly program: string;
  readonly noun: string;
  /** Where it is listed and added. */
  readonly path: string;
  /** Name of its id in paths: `systemId`. */
  readonly id: string;
  readonly columns: readonly string[];
  readonly list: Verb;
  readonly show?: Verb;
  readonly add?: Verb;
  /** `PUT` where it is replaced as a whole. Default: `PATCH`. */
  readonly change?: Verb & { readonly method?: 'PATCH' | 'PUT' };
  readonly delete?: Verb;
}

/** The usual commands of a noun. */
export const nounCommands = (of: Noun): readonly ApiCommand[] => {
  const { program, noun, path, id, columns, list, show, add, change } = of;
  const one = `${path}/:${id}`;
  const command = (verb: string, { does, options, examples }: Verb) => ({
    ...{ name: `${noun} ${verb}`, does },
    ...(options && { options }),
    examples: examples.map((words) => `gatehouse ${program} ${noun} ${verb} ${words}`.trimEnd()),
  });
  return [
    { ...command('list', list), method: 'GET', path, paged: true, columns },
    ...(show ? [{ ...command('show', show), method: 'GET', path: one } as const] : []),
    ...(add ? [{ ...command('add', add), method: 'POST', path } as const] : []),
    ...(change ? [{ ...command('change', change), method: change.method ?? 'PATCH', path: one }] : []),
    ...(of.delete ? [{ ...command('delete', of.delete), method: 'DELETE', path: one } as const] : []),
  ];
};
