import { createContext, useContext } from 'react';

/** What the pages that every program has need from the program they are in. */
export interface Program {
  /** "Insights" */
  readonly name: string;
  /** Its first page, and the words of a button that leads there. */
  readonly home: { readonly href: string; readonly title: string };
  go(path: string, how?: { readonly replace?: boolean }): void;
  /** Forgets every answer: another person signed in. */
  forget(): void;
}

export const ProgramContext = createContext<Program | null>(null);

export const useProgram = (): Program => {
  const program = useContext(ProgramContext);
  if (program === null) throw new Error('This page stands outside of a program.');
  return program;
};

export interface SignedInPerson {
  readonly name: string;
  readonly email: string;
  readonly systemAdministrator: boolean;
}
/** Set by the frame around the pages of whoever is signed in. */
export const PersonContext = createContext<SignedInPerson | null>(null);

export const usePerson = (): SignedInPerson => {
  const person = useContext(PersonContext);
  if (person === null) throw new Error('This page stands outside the frame of signed-in people.');
  return person;
};
