import { problems } from '@gatehouse/server';

/** 400 with one wrong field. */
export const invalid = (field: string, message: string) => problems.invalid([{ field, message }]);

/** 409 for what cannot go because it is used: `uses` names some of them, at most ten are told. */
export const stillUsed = (what: string, uses: readonly string[], count = uses.length) => {
  const more = count > 10 ? ` and ${count - 10} more` : '';
  return problems.conflict(`${what} is still used by ${uses.slice(0, 10).join(', ')}${more}. Change that first.`);
};
