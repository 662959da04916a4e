export { askDuties } from './duties.ts';
export { findIdleMinutes } from './idle.ts';
export { migrations } from './migrations.ts';
export { users } from './model.ts';
export { findNamed, findUsername, findUserOf, requireUser, type UserName } from './names.ts';
export { changePoliciesOf, listPoliciesOf } from './policies.ts';
