import { createContext, useContext } from 'react';

declare const answer: unique symbol;
/** An address of the API that answers `T`. */
export type ApiPath<T> = string & { readonly [answer]: T };
export const at = <T,>(path: string) => path as ApiPath<T>;

interface Asked<T> {
  readonly data: T | undefined;
  readonly error: Error | null;
  refetch(): unknown;
}

/** What the pages that every program has need from the program they are in. Made once, so that its hooks stay the same. */
export interface Program {
  /** "Insights" */
  readonly name: string;
  useApi<T>(path: ApiPath<T>): Asked<T>;
  /** Asks again for everything below a path. */
  useRefresh(): (prefix: string) => unknown;
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

export const useApi = <T,>(path: ApiPath<T>) => useProgram().useApi(path);
export const useRefresh = () => useProgram().useRefresh();

export interface SignedInPerson {
  readonly name: string;
  readonly email: string;
}
/** Set by the frame around the pages of whoever is signed in. */
export const PersonContext = createContext<SignedInPerson | null>(null);

export const usePerson = (): SignedInPerson => {
  const person = useContext(PersonContext);
  if (person === null) throw new Error('This page stands outside the frame of signed-in people.');
  return person;
};
