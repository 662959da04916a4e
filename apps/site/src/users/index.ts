export { askDuties } from './duties.ts';
export { migrations } from './migrations.ts';
export { users } from './model.ts';
export { changePoliciesOf, listPoliciesOf } from './policies.ts';
