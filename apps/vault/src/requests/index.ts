export { askForPassword } from './ask.ts';
export { decideRequest, getRequest, type SeenRequest } from './decide.ts';
export { migrations } from './migrations.ts';
export { checkOutMinutes, type PasswordRequest, type RequestPurpose, type RequestState } from './model.ts';
export { serveRequests } from './routes.ts';
export { expireRequests, findOpenRequest, listRequests, useRequest, wasRequested, withdrawRequests } from './store.ts';
