import { problems } from '@gatehouse/server';
import { Refusal } from '../objects/index.ts';

/** What the rules refuse as an answer of ours: 400 where it names fields, else 409. */
export const inWords = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw error.errors.length > 0 ? problems.invalid(error.errors) : problems.conflict(error.message);
  }
};
