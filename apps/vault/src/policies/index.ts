export { generatePassword } from './generate.ts';
export { defaultPolicy, type NamedPolicy, type PasswordPolicy } from './model.ts';
export { servePolicies } from './routes.ts';
export { findPolicy, listPolicies, rulesOf } from './store.ts';
