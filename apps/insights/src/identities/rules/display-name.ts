import { isPerson, isUniqueInEachConnection } from './guards.ts';
import { defineCorrelation } from './rule.ts';

/** Never links: two people can have one name. Suggested where the name is complete and nobody else has it. */
export const displayName = defineCorrelation({
  number: 'name',
  title: 'Same full name',
  confidence: 0.3,
  keys: (account) => {
    const name = toFullName(account.displayName);
    return name === null || !isPerson(account) ? [] : [{ side: 'both', key: name, value: account.displayName ?? name }];
  },
  guard: (holders) => holders.length > 1 && isUniqueInEachConnection(holders),
});

/** Lower case, accents and doubled spaces apart; null for a single word, which is a nickname or half a name. */
const toFullName = (written: string | null): string | null => {
  const name =
    written
      ?.normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim() ?? '';
  return name.includes(' ') && name.length >= 5 ? name.slice(0, 200) : null;
};
