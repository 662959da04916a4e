export { askForPassword } from './ask.ts';
export { decideRequest, getRequest } from './decide.ts';
export { migrations } from './migrations.ts';
export { checkOutMinutes, type PasswordRequest, type RequestPurpose } from './model.ts';
export { serveRequests } from './routes.ts';
export { expireRequests, findOpenRequest, useRequest, wasRequested, withdrawRequests } from './store.ts';
