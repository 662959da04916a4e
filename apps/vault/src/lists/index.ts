export { migrations } from './migrations.ts';
export { serveLists } from './routes.ts';
export { findList, type ListEntry, listLists, placeOfEntry, type SharedList } from './store.ts';
