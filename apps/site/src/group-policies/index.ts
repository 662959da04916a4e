export { migrations } from './migrations.ts';
export {
  copyLinks,
  groupPolicies,
  groupPolicyJumpGroups,
  groupPolicyMembers,
  securityProviders,
} from './model.ts';
