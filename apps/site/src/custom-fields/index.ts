export { migrations } from './migrations.ts';
export { customFields, listCustomFields } from './model.ts';
