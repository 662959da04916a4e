export { jumpGroups, jumpGroupUsers } from './model.ts';
