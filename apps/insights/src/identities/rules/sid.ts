import { external, hasOneLeft, isDirectory } from './guards.ts';
import { defineCorrelation } from './rule.ts';

/** The security identifier of a domain, which only the domain itself gives and never gives twice. */
export const sid = defineCorrelation({
  number: '1',
  title: 'Same security identifier (SID)',
  confidence: 1,
  keys: (account) =>
    external(account, 'sid').map((value) => ({
      side: isDirectory(account) ? ('left' as const) : ('right' as const),
      key: value.toUpperCase(),
      value,
    })),
  guard: hasOneLeft,
});
