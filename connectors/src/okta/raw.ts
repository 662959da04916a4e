import type { Json } from '@gatehouse/kernel';

/**
 * The vendor's own words for the inventory: without `_links`, which only repeat ids as addresses. What is secret by its
 * name or shape is masked by whoever stores it; what is known to be a secret here is left out by its mapper.
 */
export const rawOf = (item: object): { readonly [name: string]: Json } => {
  const { _links, ...rest } = item as { readonly _links?: unknown }; // any object may have it
  return rest as { readonly [name: string]: Json }; // it came out of JSON.parse
};
