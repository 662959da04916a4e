import { isPerson, isUniqueInEachConnection } from './guards.ts';
import { defineCorrelation } from './rule.ts';

export const employeeNumber = defineCorrelation({
  number: '7',
  title: 'Same employee number',
  confidence: 0.95,
  keys: (account, { stripLeadingZeros }) => {
    const number = toEmployeeNumber(account.employeeId, stripLeadingZeros);
    return number === null || !isPerson(account)
      ? []
      : [{ side: 'both', key: number.toLowerCase(), value: account.employeeId ?? number }];
  },
  guard: isUniqueInEachConnection,
});

/** Null where there is none: empty, or only zeros and dashes that forms are filled with. */
export const toEmployeeNumber = (written: string | null, stripLeadingZeros: boolean): string | null => {
  const trimmed = written?.trim() ?? '';
  if (/^[0\s._-]*$/.test(trimmed) || /^(n\/?a|none|null|unknown|tbd)$/i.test(trimmed)) return null;
  return stripLeadingZeros ? trimmed.replace(/^0+/, '') : trimmed;
};
