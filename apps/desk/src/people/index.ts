export { migrations } from './migrations.ts';
export { type Caller, only, permit } from './permit.ts';
export { servePeople } from './routes.ts';
export { type DeskPerson, findByLoginOrEmail, findPerson, insertCustomer, mayBeAssigned } from './store.ts';
