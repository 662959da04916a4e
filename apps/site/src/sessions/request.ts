import { SessionRequest } from '../api/console.ts';

/** What a page asks; null: it is none of that. */
export const parseRequest = (text: string): SessionRequest | null => {
  try {
    const { data } = SessionRequest.safeParse(JSON.parse(text));
    return data ?? null;
  } catch {
    return null;
  }
};
