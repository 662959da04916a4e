import { external, hasOneLeft, isDirectory } from './guards.ts';
import { defineCorrelation } from './rule.ts';

/** The domain and account name under which an identity provider imported a person from a directory. */
export const directoryAccount = defineCorrelation({
  number: '6',
  title: 'Imported from the account of the directory',
  confidence: 0.97,
  keys: (account) =>
    external(account, 'ad').map((value) => ({
      side: isDirectory(account) ? ('left' as const) : ('right' as const),
      key: value.toLowerCase(),
      value,
    })),
  guard: hasOneLeft,
});
