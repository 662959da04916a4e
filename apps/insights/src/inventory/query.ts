import type { TenantId } from '@gatehouse/kernel';
import { invalid } from '../problems.ts';
import { type Filter, parseFilters } from './filter.ts';
import { type ListColumn, type Listing, separators, wordsOf } from './kinds.ts';

/** What was asked, checked against the columns of the list. */
export interface Query {
  readonly listing: Listing;
  readonly words: readonly string[];
  readonly filters: readonly Filter[];
  /** Null: in the order in which the rows came. */
  readonly sort: { readonly column: ListColumn; readonly descending: boolean } | null;
  /** The text that a cursor belongs to. */
  readonly asked: string;
}

export interface Asked {
  readonly search?: string | undefined;
  readonly filter?: readonly string[] | undefined;
  readonly sort?: string | undefined;
}

/** Columns, operators and values that do not exist are problems that name the field. */
export const parseQuery = (listing: Listing, tenantId: TenantId, asked: Asked, now: Date): Query => ({
  listing,
  words: parseWords(listing, asked.search ?? ''),
  filters: parseFilters(listing, asked.filter ?? [], now),
  sort: parseSort(listing, asked.sort),
  asked: JSON.stringify([tenantId, listing.kind, asked.search ?? '', asked.filter ?? [], asked.sort ?? '']),
});

const parseSort = (listing: Listing, sort: string | undefined): Query['sort'] => {
  if (sort === undefined || sort === '') return null;
  const descending = sort.startsWith('-');
  const name = descending ? sort.slice(1) : sort;
  const column = listing.columns.find((one) => one.name === name);
  if (column?.sort) return { column, descending };
  const sortable = listing.columns.filter((one) => one.sort).map((one) => one.name);
  throw invalid('sort', `"${name}" cannot be sorted by. These can: ${sortable.join(', ') || 'none'}.`);
};

const parseWords = (listing: Listing, search: string): readonly string[] => {
  const spaced = [...search].map((letter) => (separators.includes(letter) || letter === "'" ? ' ' : letter)).join('');
  const words = spaced.toLowerCase().split(/\s+/u).filter(Boolean).slice(0, 20);
  if (words.length > 0 && wordsOf(listing) === null) {
    throw invalid('search', `${listing.title} have no column to search in. Use a filter.`);
  }
  if (search.includes('\u0000')) throw invalid('search', 'The search holds a character that no text has.');
  return words;
};
