import { Problem, problems } from '@gatehouse/server';

/** 400 with one wrong field. */
export const invalid = (field: string, message: string): Problem => problems.invalid([{ field, message }]);

/** 412: `If-Match` names another version than the one that is there. */
export const stale = (): Problem =>
  new Problem(412, 'stale', 'Changed meanwhile', 'Somebody changed the case since that version. Read it again.');
