export { migrations } from './migrations.ts';
export { type CustomField, customFields, listCustomFields } from './model.ts';
