import { keyOf } from './dn.ts';
import { filterText } from './filter-text.ts';
import type { Request } from './request.ts';

/** A search in words, as a test tells one from another. */
export interface AskedSearch {
  /** As `keyOf` gives it: in lower case. */
  readonly base: string;
  readonly scope: 'base' | 'one' | 'sub';
  /** With the spelling of the client. */
  readonly filter: string;
  /** In lower case. */
  readonly attributes: readonly string[];
}

/** Null for what is no search. */
export const searchIn = (request: Request): AskedSearch | null => {
  if (request.kind !== 'search') return null;
  const { base, scope, filter, attributes } = request.search;
  return { base: keyOf(base), scope, filter: filterText(filter), attributes };
};
