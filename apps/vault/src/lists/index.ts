export { migrations } from './migrations.ts';
export { serveLists } from './routes.ts';
export { placeOfEntry } from './store.ts';
