declare const answer: unique symbol;
/** An address of the API that answers `T`. */
export type ApiPath<T> = string & { readonly [answer]: T };
export const at = <T>(path: string) => path as ApiPath<T>;
