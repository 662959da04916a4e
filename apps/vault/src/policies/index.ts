export { generatePassword } from './generate.ts';
export { defaultPolicy } from './model.ts';
export { servePolicies } from './routes.ts';
export { rulesOf } from './store.ts';
