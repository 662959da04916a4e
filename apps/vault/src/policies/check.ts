import type { FieldError } from '@gatehouse/server';
import { characterClasses } from '../api/policies.ts';
import { alphabetsOf, count } from './count.ts';
import { countOnce } from './generate.ts';
import type { PasswordPolicy } from './model.ts';

/** Why no password can satisfy these rules, with the field to change; none where one can. */
export const refuseImpossible = (policy: PasswordPolicy): readonly FieldError[] => {
  const errors = [...refuseClasses(policy), ...refuseEnds(policy)];
  if (errors.length > 0 || countOnce(policy).total > 0n) return errors;
  // Each field may do alone, and the password still be too short for all of them.
  const anywhere = [...characterClasses];
  const relaxed = (['first', 'last'] as const).find((end) => count({ ...policy, [end]: anywhere }).total > 0n);
  if (relaxed === undefined)
    return [{ field: 'length', message: 'A password of this length cannot have all that is asked for.' }];
  const message = `With the least numbers of the classes, nothing is left to ${relaxed === 'first' ? 'begin' : 'end'} with.`;
  return [{ field: relaxed, message }];
};

const refuseClasses = (policy: PasswordPolicy): readonly FieldError[] => {
  const { length, least, distinct } = policy;
  const alphabets = alphabetsOf(policy);
  const errors: FieldError[] = [];
  let needed = 0;
  for (const name of characterClasses) {
    const number = least[name] ?? 0;
    const { length: size } = alphabets[name];
    needed += number;
    if (number > 0 && size === 0)
      errors.push({ field: name === 'symbols' ? 'symbols' : 'excluded', message: `No ${name} are left.` });
    else if (distinct && number > size)
      errors.push({ field: `least.${name}`, message: `There are ${size} ${name}, and none may occur twice.` });
  }
  if (needed > length)
    errors.push({ field: 'least', message: `Together they are ${needed}, more than the length of ${length}.` });
  const all = characterClasses.reduce((sum, name) => sum + alphabets[name].length, 0);
  if (all === 0) errors.push({ field: 'least', message: 'No character is allowed.' });
  else if (distinct && all < length)
    errors.push({ field: 'distinct', message: `Only ${all} characters are allowed, fewer than the length.` });
  return errors;
};

const refuseEnds = (policy: PasswordPolicy): readonly FieldError[] => {
  const alphabets = alphabetsOf(policy);
  return (['first', 'last'] as const)
    .filter((end) => policy[end].every((name) => alphabets[name] === ''))
    .map((end) => ({ field: end, message: `No character of ${policy[end].join(', ')} is allowed.` }));
};
