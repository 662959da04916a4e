import { external, hasOneLeft, isDirectory } from './guards.ts';
import { defineCorrelation } from './rule.ts';

/** The anchor by which a directory is synchronised: mS-DS-ConsistencyGuid, else objectGUID, in base64. */
export const immutableId = defineCorrelation({
  number: '2',
  title: 'Same immutable id of the directory',
  confidence: 1,
  keys: (account) =>
    external(account, 'immutable-id').map((value) => ({
      side: isDirectory(account) ? ('left' as const) : ('right' as const),
      // Base64 tells capital letters from small ones.
      key: value,
      value,
    })),
  guard: hasOneLeft,
});
